package io.omniroute.redis.routing;

import io.omniroute.redis.PeriodicExchange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * What is left of the limits of accounts, as providers have told any instance; at most about two seconds old. Asking takes no trip to
 * Redis. Thread-safe.
 */
public final class AccountQuotas extends PeriodicExchange {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int MOST = 10_000;
    private static final String QUOTAS = ";";
    private static final String FIELDS = " ";

    private final RoutingStore store;
    private final Map<String, List<Quota>> known = new ConcurrentHashMap<>();
    private final Map<String, List<Quota>> unwritten = new ConcurrentHashMap<>();

    public AccountQuotas(RoutingStore store) {
        super(Duration.ZERO, PERIOD);
        this.store = store;
    }

    /** Notes what a provider has told of an account; nothing where it has told nothing. */
    public void note(String account, List<Quota> quotas) {
        if (!quotas.isEmpty() && (known.size() < MOST || known.containsKey(account))) {
            known.put(account, List.copyOf(quotas));
            unwritten.put(account, List.copyOf(quotas));
        }
    }

    /** Whether no provider has told of any limit. */
    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** What is known of an account's limits; nothing if nothing is. */
    public List<Quota> of(String account) {
        return known.getOrDefault(account, List.of());
    }

    @Override
    protected Mono<Void> exchange() {
        Map<String, String> own = new HashMap<>();
        Map<String, List<Quota>> taken = new HashMap<>();
        List.copyOf(unwritten.keySet()).forEach(account -> {
            List<Quota> quotas = unwritten.remove(account);
            if (quotas != null) {
                taken.put(account, quotas);
                own.put(account, written(quotas));
            }
        });
        return store.quotas(own)
                // what could not be written is written next time, and is newer than what is read until then
                .doOnError(away -> taken.forEach(unwritten::putIfAbsent))
                .doOnNext(all -> all.forEach((account, text) -> {
                    List<Quota> read = unwritten.containsKey(account) ? List.of() : read(text);
                    if (!read.isEmpty()) {
                        known.put(account, read);
                    }
                }))
                .then();
    }

    private static String written(List<Quota> quotas) {
        List<String> texts = new ArrayList<>();
        for (Quota quota : quotas) {
            texts.add(String.join(
                    FIELDS,
                    quota.window(),
                    Double.toString(quota.remaining()),
                    Long.toString(quota.resets().toEpochMilli()),
                    Long.toString(quota.length().toSeconds())));
        }
        return String.join(QUOTAS, texts);
    }

    /** What somebody else has written there is nothing. */
    private static List<Quota> read(String text) {
        try {
            List<Quota> quotas = new ArrayList<>();
            for (String one : text.split(QUOTAS, -1)) {
                String[] fields = one.split(FIELDS, -1);
                quotas.add(new Quota(
                        fields[0],
                        Double.parseDouble(fields[1]),
                        Instant.ofEpochMilli(Long.parseLong(fields[2])),
                        Duration.ofSeconds(Long.parseLong(fields[3]))));
            }
            return List.copyOf(quotas);
        } catch (RuntimeException unreadable) {
            return List.of();
        }
    }
}
