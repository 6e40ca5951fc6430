package io.omniroute.redis.cooldown;

import java.time.Duration;

/**
 * How long something rests where nobody says how long: twice as long after every failure that follows a rest.
 *
 * @param base the first time
 * @param most the longest time
 */
public record Backoff(Duration base, Duration most) {}
