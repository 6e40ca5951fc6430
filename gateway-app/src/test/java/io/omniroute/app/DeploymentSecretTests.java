package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.RedisServers;
import io.omniroute.filters.upstream.SealedCarriers;
import io.omniroute.redis.DeploymentSecret;
import io.omniroute.redis.RedisKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import io.omniroute.translators.model.Opaque;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** The secret of carriers is one for all instances, even where Redis loses it. */
@ExtendWith(SandboxExtension.class)
class DeploymentSecretTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void isWrittenAgainAndAnotherIsTakenBesideIt(Sandbox sandbox) {
        try (RedisServers redis = RedisServers.standalone(false);
                Gateway gateway = Gateway.start(sandbox, "REDIS_URL=" + redis.url())) {
            DeploymentSecret secret = gateway.bean(DeploymentSecret.class);
            Eventually.until("it is read", PATIENCE, () -> secret.current().isPresent());
            String first =
                    HexFormat.of().formatHex(secret.current().orElseThrow().current());
            SealedCarriers carriers = gateway.bean(SealedCarriers.class);
            Opaque signature = new Opaque("anthropic-messages", Opaque.Kind.SIGNATURE, null, "c2ln");
            String carrier = carriers.of("org").pack(signature);
            ReactiveStringRedisTemplate template = gateway.bean(ReactiveStringRedisTemplate.class);

            template.delete(RedisKeys.DEPLOYMENT_SECRET).block(PATIENCE);
            Eventually.until(
                    "it is there again",
                    PATIENCE,
                    () -> first.equals(template.opsForValue()
                            .get(RedisKeys.DEPLOYMENT_SECRET)
                            .block(PATIENCE)));

            // an instance that began meanwhile has another one
            String second = "ab".repeat(32);
            template.opsForValue().set(RedisKeys.DEPLOYMENT_SECRET, second).block(PATIENCE);
            Eventually.until(
                    "the other one is taken",
                    PATIENCE,
                    () -> second.equals(HexFormat.of()
                            .formatHex(secret.current().orElseThrow().current())));
            assertThat(carriers.of("org").unpack(carrier)).isEqualTo(signature);
            assertThat(carriers.of("another").unpack(carrier)).isNull();
            assertThat(carriers.of("org").pack(signature)).isNotEqualTo(carrier);
        }
    }
}
