package io.omniroute.translators.format;

import io.omniroute.translators.json.FileTypes;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Part;
import java.util.Locale;

/** What a document is called where a format wants a name, from whose ending OpenAI knows what it is. */
public final class FileNames {

    private static final String USUAL = "pdf";

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
        return FileTypes.ending((parameters < 0 ? mime : mime.substring(0, parameters)).strip());
    }

    /** Notes that a document's name is not told. */
    public static void lost(Part.Document document, Losses losses) {
        if (document.title() != null) {
            losses.add(Loss.Code.NAME_DROPPED, "messages.content.title");
        }
    }
}
