package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Connections to providers are used again, whatever was answered over them. */
@ExtendWith(SandboxExtension.class)
class PoolTests {

    private static final String ANSWER = "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";
    private static final String REFUSAL = "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"code\":\"c\"}}";

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 429, 500})
    void keepsAConnectionWhoseAnswerWasReadToItsEnd(int status, Sandbox sandbox) {
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        DisposableServer provider = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    ports.add(request.remoteAddress() instanceof InetSocketAddress from ? from.getPort() : 0);
                    return request.receive()
                            .then(response.status(status)
                                    .header("Content-Type", "application/json")
                                    .sendString(Mono.just(status == 200 ? ANSWER : REFUSAL))
                                    .then());
                })
                .bindNow();
        try (Gateway gateway =
                Gateway.start(sandbox, "omniroute.providers.a.base-url=http://127.0.0.1:" + provider.port() + "/v1")) {
            String key = gateway.key();
            for (int call = 0; call < 20; call++) {
                gateway.chat(key, "a/chat", false);
            }
            // each event loop has connections of its own, and a client's connection stays on one loop
            assertThat(ports).hasSize(1);
        } finally {
            provider.disposeNow();
        }
    }
}
