package io.omniroute.filters.combo;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.call.Pin;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.ApiFormat;
import java.util.List;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a call asks of the accounts that it may use: to have tags, and to be the one that keeps what it names.
 *
 * @param format what an account keeps is told to it only in the format in which it has named it, which is the client's
 */
record AccountTerms(Tags tags, Optional<Pin> pin, ApiFormat format) {

    /** What a call that is sent asks of the accounts. */
    static AccountTerms of(ServerWebExchange exchange, ApiFormat format) {
        return new AccountTerms(Tags.of(exchange.getRequest()), ExchangeAttributes.find(exchange, Pin.class), format);
    }

    /** The attempts at accounts that meet them all. */
    List<Attempt> filter(List<Attempt> attempts) {
        return areNone()
                ? attempts
                : attempts.stream().filter(attempt -> lack(attempt).isEmpty()).toList();
    }

    /** The attempts at all others, with a word for why. */
    List<Missing> missing(List<Attempt> attempts) {
        return attempts.stream()
                .filter(attempt -> !lack(attempt).isEmpty())
                .map(attempt -> Missing.of(attempt, lack(attempt)))
                .toList();
    }

    /** The refusal of a call that none of these attempts can be made for. */
    ApiException refusal(List<Attempt> attempts, String asked) {
        return pin.filter(kept -> attempts.stream().anyMatch(tags::areAllOf))
                .map(kept -> kept.refusal(asked))
                .orElseGet(tags::refusal);
    }

    /** Whether any account will do. */
    private boolean areNone() {
        return tags.wanted().isEmpty() && pin.isEmpty();
    }

    private String lack(Attempt attempt) {
        if (!tags.areAllOf(attempt)) {
            return Missing.UNTAGGED;
        }
        return pin.filter(kept -> !isAt(kept, attempt)).isPresent() ? Missing.KEPT_ELSEWHERE : "";
    }

    private boolean isAt(Pin kept, Attempt attempt) {
        return attempt.provider().id().equals(kept.provider())
                && attempt.connection().id().equals(kept.connection())
                && attempt.format() == format;
    }
}
