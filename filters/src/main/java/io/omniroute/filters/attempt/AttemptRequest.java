package io.omniroute.filters.attempt;

import io.omniroute.translators.json.EditedBody;
import java.net.URI;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;

/** What an attempt sends to the provider: nothing of the client's request but what was put in here. */
public final class AttemptRequest extends ServerHttpRequestDecorator {

    private final URI uri;
    private final HttpHeaders headers;
    private final EditedBody body;

    /**
     * @param headers all headers; may still be added to until the request is sent
     */
    public AttemptRequest(ServerHttpRequest original, URI uri, HttpHeaders headers, EditedBody body) {
        super(original);
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    /** The body. */
    public EditedBody body() {
        return body;
    }

    @Override
    public HttpMethod getMethod() {
        return HttpMethod.POST;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body.bytes())));
    }
}
