package io.omniroute.config;

/** A credential that does not show itself in logs, errors or debuggers. */
public record Secret(String value) {

    @Override
    public String toString() {
        return "***";
    }
}
