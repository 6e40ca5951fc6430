package io.omniroute.config;

import java.util.List;

/** Settings that fit their types and may be wrong all the same. */
public interface CheckedSettings {

    /** What is wrong, each with the setting's whole name and what was expected, and without anything secret. */
    List<String> problems();
}
