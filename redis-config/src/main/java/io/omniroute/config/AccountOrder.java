package io.omniroute.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** In which order the accounts of a provider are used. A pure function of the accounts and the random numbers. */
public enum AccountOrder {
    /** The first as long as it works. */
    FILL_FIRST {
        @Override
        public List<Connection> order(List<Connection> accounts, RandomGenerator random) {
            return accounts;
        }
    },
    /** Any. */
    RANDOM {
        @Override
        public List<Connection> order(List<Connection> accounts, RandomGenerator random) {
            List<Connection> shuffled = new ArrayList<>(accounts);
            Collections.shuffle(shuffled, Random.from(random));
            return shuffled;
        }
    },
    /** Any, the heavier the likelier; those without weight last. */
    WEIGHTED {
        @Override
        public List<Connection> order(List<Connection> accounts, RandomGenerator random) {
            return Weighted.order(accounts, Connection::weight, random);
        }
    };

    /**
     * The accounts in the order to try them.
     *
     * @param accounts by priority
     */
    public abstract List<Connection> order(List<Connection> accounts, RandomGenerator random);

    /** The name in YAML: lower case with hyphens. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The order of that name. */
    public static Optional<AccountOrder> ofId(String id) {
        return Stream.of(values()).filter(order -> order.id().equals(id)).findFirst();
    }
}
