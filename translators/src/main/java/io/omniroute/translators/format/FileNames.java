package io.omniroute.translators.format;

import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;
import java.util.Locale;
import java.util.Map;

/** What a document is called where a format wants a name, from whose ending OpenAI knows what it is. */
public final class FileNames {

    private static final String USUAL = "document.pdf";

    private static final Map<String, String> ENDINGS = Map.ofEntries(
            Map.entry("text/plain", "txt"),
            Map.entry("text/markdown", "md"),
            Map.entry("text/html", "html"),
            Map.entry("text/csv", "csv"),
            Map.entry("text/xml", "xml"),
            Map.entry("application/xml", "xml"),
            Map.entry("application/json", "json"),
            Map.entry("application/rtf", "rtf"),
            Map.entry("application/msword", "doc"),
            Map.entry("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
            Map.entry("application/vnd.ms-excel", "xls"),
            Map.entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Map.entry("application/vnd.ms-powerpoint", "ppt"),
            Map.entry("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"));

    private FileNames() {}

    /** A name for something that has none. */
    public static String of(Media media) {
        if (!(media instanceof Media.Inline inline)) {
            return USUAL;
        }
        String mime = inline.mime().toLowerCase(Locale.ROOT);
        int parameters = mime.indexOf(';');
        String ending = ENDINGS.get((parameters < 0 ? mime : mime.substring(0, parameters)).strip());
        return ending == null ? USUAL : "document." + ending;
    }

    /** Notes that a document's name is not told. */
    public static void lost(Part.Document document, Losses losses) {
        if (document.title() != null) {
            losses.add(Loss.Code.NAME_DROPPED, "messages.content.title");
        }
    }
}
