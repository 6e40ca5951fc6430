package io.omniroute.app.support;

import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/** Several gateways and the sandbox share one JVM here, so none of them may end the event loops of all. */
public class LoopsOfTheJvm {

    @Bean
    ReactorResourceFactory reactorResourceFactory() {
        return new ReactorResourceFactory() {
            @Override
            public void stop() {
                // the loops end with the JVM
            }

            @Override
            public void destroy() {
                // the loops end with the JVM
            }
        };
    }
}
