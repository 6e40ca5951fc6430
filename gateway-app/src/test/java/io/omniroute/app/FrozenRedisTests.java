package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.RedisServers;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Redis stands still for some seconds with all of its connections open, while calls run and an orchestrator asks; then it goes on. */
@ExtendWith(SandboxExtension.class)
class FrozenRedisTests {

    private static final Duration FROZEN = Duration.ofSeconds(10);
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    /** One second is promised; this machine may be slow. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @Test
    void isUsedAgainAsOftenAsItGoesOn(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(false);
                Gateway gateway = Gateway.start(sandbox, settings(redis))) {
            String before = gateway.key();
            for (int time = 0; time < 2; time++) {
                redis.freezeFirst();
                whileFrozen(() -> {
                    assertThat(gateway.chat(before, "a/chat", false).statusCode())
                            .isEqualTo(200);
                    asksAtOnce(gateway);
                    gateway.get("/actuator/health", "");
                });
                redis.thawFirst();
                Eventually.until("a key that was just made is let in", SOON, () -> isMade(gateway));
            }
            Eventually.until(
                    "it is healthy again",
                    SOON,
                    () -> gateway.get("/actuator/health", "").statusCode() == 200);
        }
    }

    @Test
    void isUsedAsSoonAsItGoesOnWhereItStoodStillFromTheBeginning(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(false)) {
            redis.freezeFirst();
            try (Gateway gateway = Gateway.start(sandbox, settings(redis))) {
                whileFrozen(() -> {
                    assertThat(gateway.chat("sk-nobody", "a/chat", false).statusCode())
                            .isEqualTo(503);
                    asksAtOnce(gateway);
                    gateway.get("/actuator/health", "");
                });
                redis.thawFirst();
                Eventually.until("a key that was just made is let in", SOON, () -> isMade(gateway));
            }
        }
    }

    private static void whileFrozen(Runnable meanwhile) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < FROZEN.toNanos()) {
            meanwhile.run();
        }
    }

    private static void asksAtOnce(Gateway gateway) {
        for (String path : new String[] {"/livez", "/readyz"}) {
            long began = System.nanoTime();
            gateway.get(path, "");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(path).isLessThan(AT_ONCE);
        }
    }

    private static boolean isMade(Gateway gateway) {
        try {
            return gateway.chat(gateway.key(), "a/chat", false).statusCode() == 200;
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    private static String settings(RedisServers redis) {
        return "REDIS_URL=" + redis.url() + "\nomniroute.redis.deadline=250ms\n";
    }
}
