package io.omniroute.filters.inside;

import org.springframework.http.HttpHeaders;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.publisher.Mono;

/** An exchange that is only in memory. */
final class InnerExchange extends DefaultServerWebExchange {

    private static final WebSessionManager NO_SESSIONS = exchange -> Mono.empty();
    private static final ServerCodecConfigurer CODECS = ServerCodecConfigurer.create();

    private final InnerResponse response;

    InnerExchange(String path, HttpHeaders headers, byte[] body) {
        this(new InnerRequest(path, headers, body), new InnerResponse());
    }

    private InnerExchange(InnerRequest request, InnerResponse response) {
        super(request, response, NO_SESSIONS, CODECS, new AcceptHeaderLocaleContextResolver());
        this.response = response;
    }

    /** What is written to it. */
    InnerResponse response() {
        return response;
    }
}
