package io.omniroute.filters.combo;

import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has failed in a round of a call, and which failure of it is told. One per call; two attempts may fail at once. */
final class Failures {

    /** What fails again a moment later, too. */
    private static final Set<ErrorKind> LAST =
            EnumSet.of(ErrorKind.UPSTREAM_AUTH, ErrorKind.UPSTREAM_QUOTA, ErrorKind.NOT_FOUND);

    private static final Set<String> REASONS_THAT_LAST =
            LAST.stream().map(ErrorKind::id).collect(Collectors.toUnmodifiableSet());

    /** The last failure that another try may not meet. */
    private volatile @Nullable ApiException worthAnother;

    private volatile boolean mayRecover;

    /** Whether what rests for that reason does so until somebody looks again, and not just for a time. */
    static boolean lasts(String reason) {
        return REASONS_THAT_LAST.contains(reason);
    }

    /** Notes a failure, and gives the one to tell: what is worth another try goes before what a target cannot be asked. */
    ApiException add(ApiException failure) {
        if (!failure.error().isOfTheRequest()) {
            worthAnother = failure;
            mayRecover |= !LAST.contains(failure.error().kind());
        }
        ApiException told = worthAnother;
        return told == null ? failure : told;
    }

    /** Whether something of it may work a moment later. */
    boolean mayRecover() {
        return mayRecover;
    }

    /** Another round begins. */
    void clear() {
        worthAnother = null;
        mayRecover = false;
    }
}
