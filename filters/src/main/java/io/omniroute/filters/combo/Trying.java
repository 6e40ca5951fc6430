package io.omniroute.filters.combo;

import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Ledger;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * What calls try their targets with. Thread-safe.
 *
 * @param ledger what is owed for attempts
 * @param waits the calls that wait for a target
 * @param pacing the paces of accounts
 * @param learning what attempts teach
 * @param mostAttempts how many attempts a call may make
 */
record Trying(Ledger ledger, Waits waits, Pacing pacing, Learning learning, int mostAttempts) {

    /** What rests. */
    TargetHealth health() {
        return learning.health();
    }

    /** Tries what was chosen, one after another until one answers. */
    Mono<Void> run(ServerWebExchange exchange, GatewayFilterChain chain, Call call, Chosen.InOrder chosen) {
        return new ComboRun(exchange, chain, call, chosen, this).start();
    }
}
