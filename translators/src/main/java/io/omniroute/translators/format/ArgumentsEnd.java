package io.omniroute.translators.format;

/** Tells when the fragments of a call's arguments make a complete JSON object. Not thread-safe. */
public final class ArgumentsEnd {

    private int depth;
    private boolean begun;
    private boolean text;
    private boolean escaped;

    /** Reads the next fragment. */
    public void read(String fragment) {
        for (int i = 0; i < fragment.length(); i++) {
            char c = fragment.charAt(i);
            if (escaped) {
                escaped = false;
            } else if (text) {
                escaped = c == '\\';
                text = c != '"';
            } else {
                switch (c) {
                    case '"' -> text = true;
                    case '{', '[' -> {
                        depth++;
                        begun = true;
                    }
                    case '}', ']' -> depth--;
                    default -> {
                        // neither opens nor closes anything
                    }
                }
            }
        }
    }

    /** Whether everything that was opened is closed. */
    public boolean isComplete() {
        return begun && depth == 0 && !text;
    }
}
