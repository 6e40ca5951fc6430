package io.omniroute.config;

/** Gives the catalog of the moment. A call asks once and sees that one from its first stage to its last. */
@FunctionalInterface
public interface CatalogSource {

    /** The whole catalog, immutable. */
    Catalog current();

    /** What of it is declared, without what was added while the gateway runs. */
    default Catalog declared() {
        return current();
    }
}
