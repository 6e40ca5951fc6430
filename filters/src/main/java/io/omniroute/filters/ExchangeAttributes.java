package io.omniroute.filters;

import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/** What stages leave on the exchange for the next ones: one attribute per type, and the type is the key. */
public final class ExchangeAttributes {

    private ExchangeAttributes() {}

    /** The attribute of that type, if a stage has put it there. */
    public static <T> Optional<T> find(ServerWebExchange exchange, Class<T> type) {
        return Optional.ofNullable(exchange.getAttribute(type.getName()));
    }

    /**
     * The attribute of that type.
     *
     * @throws IllegalStateException naming what is missing, when the stage that puts it there has not run
     */
    public static <T> T require(ServerWebExchange exchange, Class<T> type) {
        T value = exchange.getAttribute(type.getName());
        if (value == null) {
            throw new IllegalStateException(
                    "no " + type.getSimpleName() + " on the exchange: the stage that puts it there"
                            + " is missing from the route or has not run yet");
        }
        return value;
    }

    /** Puts a value under its type. */
    public static <T> void put(ServerWebExchange exchange, Class<T> type, T value) {
        exchange.getAttributes().put(type.getName(), value);
    }
}
