package io.omniroute.app.support;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What may block on an event loop in tests, each with its reason. */
public final class AllowedBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // the test that wedges a loop on purpose
        builder.allowBlockingCallsInside(Blocking.class.getName(), "await");
    }
}
