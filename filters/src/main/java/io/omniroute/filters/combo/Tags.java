package io.omniroute.filters.combo;

import io.omniroute.filters.attempt.Attempt;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * What a client asks of the accounts that its call may use, {@code X-OmniRoute-Tags}: all of these tags. A call is rather refused than
 * sent elsewhere.
 *
 * @param wanted none asks for nothing
 */
record Tags(Set<String> wanted) {

    /** The header, of which there may be several. */
    static final String HEADER = "X-OmniRoute-Tags";

    private static final Tags NONE = new Tags(Set.of());

    static Tags of(ServerHttpRequest request) {
        List<String> written = request.getHeaders().getOrDefault(HEADER, List.of());
        return written.isEmpty()
                ? NONE
                : new Tags(written.stream()
                        .flatMap(line -> Stream.of(line.split(",", -1)))
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .collect(Collectors.toSet()));
    }

    /** Whether the account of an attempt has them all. */
    boolean areAllOf(Attempt attempt) {
        return attempt.connection().tags().containsAll(wanted);
    }

    /** The refusal of a call that no account has the tags for. */
    ApiException refusal() {
        return ApiError.invalid(
                        HEADER,
                        "no account that this call could use has the tags "
                                + String.join(", ", wanted.stream().sorted().toList()))
                .withCode("no_tagged_account")
                .exception();
    }
}
