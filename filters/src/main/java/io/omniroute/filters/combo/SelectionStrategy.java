package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import java.util.List;

/**
 * In which order a combo's targets are tried. A pure function; a bean of this type is named in YAML by its bean name.
 */
@FunctionalInterface
public interface SelectionStrategy {

    /** The targets to try, the first first; a subset is allowed, repeats are not. */
    List<Target> order(Combo combo);
}
