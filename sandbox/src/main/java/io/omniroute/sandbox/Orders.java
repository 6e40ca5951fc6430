package io.omniroute.sandbox;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What one call is to be answered with: the behaviours that its model, its key and its script ask for. */
record Orders(Map<Behaviour, String> behaviours) {

    /** A script's step goes before the key, and the key before the model. */
    static Orders of(String model, String key, Optional<String> step) {
        Map<Behaviour, String> all = new EnumMap<>(Behaviour.class);
        all.putAll(Behaviour.in(model));
        all.putAll(Behaviour.in(key));
        step.ifPresent(words -> {
            all.clear();
            all.putAll(Behaviour.in(words));
        });
        return new Orders(all);
    }

    boolean has(Behaviour behaviour) {
        return behaviours.containsKey(behaviour);
    }

    Optional<Integer> number(Behaviour behaviour) {
        return Optional.ofNullable(behaviours.get(behaviour)).map(Integer::valueOf);
    }

    Duration time(Behaviour behaviour) {
        String value = behaviours.get(behaviour);
        return value == null ? Duration.ZERO : Behaviour.time(value);
    }
}
