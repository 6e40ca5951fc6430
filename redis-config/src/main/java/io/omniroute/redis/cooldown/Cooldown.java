package io.omniroute.redis.cooldown;

import java.time.Duration;

/**
 * A rest of something.
 *
 * @param subject what rests
 * @param left how long from now on; zero once it is over
 * @param count how many rests have followed one another
 * @param reason a word for why
 */
public record Cooldown(String subject, Duration left, int count, String reason) {

    /** Reads {@code <ms> <count> <reason> <subject>}, as the scripts write it. */
    static Cooldown read(String written) {
        String[] parts = written.split(" ", 4);
        return new Cooldown(
                parts[3], Duration.ofMillis(Long.parseLong(parts[0])), Integer.parseInt(parts[1]), parts[2]);
    }
}
