package io.omniroute.translators.format;

import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;
import java.util.Locale;
import java.util.Map;

/** What a document is called where a format wants a name, from whose ending OpenAI knows what it is. */
public final class FileNames {

    private static final String USUAL = "pdf";

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

    /** The name of a document, with an ending: its title may be no name of a file, and it may have none. */
    public static String of(Part.Document document) {
        String title = document.title();
        if (title == null || title.isBlank()) {
            return "document." + ending(document.media());
        }
        boolean ends = title.matches(".*\\.[A-Za-z0-9]{1,5}");
        return ends || !(document.media() instanceof Media.Inline) ? title : title + "." + ending(document.media());
    }

    private static String ending(Media media) {
        if (!(media instanceof Media.Inline inline)) {
            return USUAL;
        }
        String mime = inline.mime().toLowerCase(Locale.ROOT);
        int parameters = mime.indexOf(';');
        return ENDINGS.getOrDefault((parameters < 0 ? mime : mime.substring(0, parameters)).strip(), USUAL);
    }

    /** Notes that a document's name is not told. */
    public static void lost(Part.Document document, Losses losses) {
        if (document.title() != null) {
            losses.add(Loss.Code.NAME_DROPPED, "messages.content.title");
        }
    }
}
