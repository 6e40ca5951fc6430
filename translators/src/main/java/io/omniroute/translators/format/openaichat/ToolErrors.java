package io.omniroute.translators.format.openaichat;

/** How a tool's failure is told where there is no flag for it; the mark is taken off again on the way back. */
final class ToolErrors {

    static final String MARK = "[tool error]\n";

    private ToolErrors() {}
}
