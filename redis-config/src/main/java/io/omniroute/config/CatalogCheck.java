package io.omniroute.config;

import java.util.List;

/** A check of the catalog by someone who knows what the catalog does not: which formats, operations, strategies exist. */
@FunctionalInterface
public interface CatalogCheck {

    /** The faults that it finds; empty if there are none. */
    List<String> problems(Catalog catalog);
}
