package io.omniroute.filters.combo;

import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.SessionTargets;
import io.omniroute.redis.routing.TargetStatistics;
import java.time.InstantSource;

/**
 * What the calls before have taught, shared by all instances: choices go by it, and answers add to it. Thread-safe; asking costs no trip to
 * Redis but for sessions.
 *
 * @param health what rests
 * @param statistics how often and how fast targets answer, and who has answered last
 * @param quotas what is left of the limits of accounts
 * @param sessions who has answered sessions
 * @param clock by which limits come back
 */
record Experience(
        TargetHealth health,
        TargetStatistics statistics,
        AccountQuotas quotas,
        SessionTargets sessions,
        InstantSource clock) {}
