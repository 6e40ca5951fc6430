package io.omniroute.translators.json;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types of content by the endings of names of files. */
public final class FileTypes {

    /** The kind of document that everybody takes. */
    private static final String USUAL = "application/pdf";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("txt", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("html", "text/html"),
            Map.entry("csv", "text/csv"),
            Map.entry("xml", "text/xml"),
            Map.entry("json", "application/json"),
            Map.entry("rtf", "application/rtf"),
            Map.entry("doc", "application/msword"),
            Map.entry("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            Map.entry("xls", "application/vnd.ms-excel"),
            Map.entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Map.entry("ppt", "application/vnd.ms-powerpoint"),
            Map.entry("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"));

    private static final Map<String, String> ENDINGS = endings();

    private FileTypes() {}

    private static Map<String, String> endings() {
        Map<String, String> endings = new HashMap<>(Map.of("application/xml", "xml"));
        TYPES.forEach((ending, type) -> endings.put(type, ending));
        return Map.copyOf(endings);
    }

    /** What names of files of a type end in, without the dot; that of a PDF where the type is not known. */
    public static String ending(String type) {
        return ENDINGS.getOrDefault(type, "pdf");
    }

    /** The type of a file with this name; that of a PDF where the name does not tell. */
    public static String of(@Nullable String name) {
        if (name == null) {
            return USUAL;
        }
        int dot = name.lastIndexOf('.');
        return dot < 0 ? USUAL : TYPES.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), USUAL);
    }
}
