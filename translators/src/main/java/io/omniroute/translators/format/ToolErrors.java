package io.omniroute.translators.format;

import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a tool's failure is told in formats that have no flag for it: by a first line, which is taken off again on the way back. */
public final class ToolErrors {

    /** The first line of what a failed tool said. */
    public static final String MARK = "[tool error]\n";

    private ToolErrors() {}

    /** A tool's answer, which is a failure if it begins with the mark. */
    public static Part.ToolResult result(
            String callId, @Nullable String name, List<Part> content, boolean custom, @Nullable CacheMark cache) {
        if (content.isEmpty()
                || !(content.getFirst() instanceof Part.Text first)
                || !first.text().startsWith(MARK)) {
            return new Part.ToolResult(callId, name, false, content, custom, cache);
        }
        List<Part> said = new ArrayList<>(content);
        String text = first.text().substring(MARK.length());
        if (text.isEmpty()) {
            said.removeFirst();
        } else {
            said.set(0, Part.Text.of(text));
        }
        return new Part.ToolResult(callId, name, true, said, custom, cache);
    }
}
