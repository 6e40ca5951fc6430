package io.omniroute.filters.inside;

import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/** A request that is only in memory; POST, or GET without a body. */
final class InnerRequest extends AbstractServerHttpRequest {

    private final byte[] body;

    InnerRequest(String path, HttpHeaders headers, byte[] body) {
        super(body.length == 0 ? HttpMethod.GET : HttpMethod.POST, URI.create(path), null, withJson(headers));
        this.body = body;
    }

    private static HttpHeaders withJson(HttpHeaders headers) {
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        if (all.getContentType() == null) {
            all.setContentType(MediaType.APPLICATION_JSON);
        }
        return all;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return body.length == 0
                ? Flux.empty()
                : Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        return new LinkedMultiValueMap<>();
    }

    @Override
    protected @Nullable SslInfo initSslInfo() {
        return null;
    }

    @Override
    @SuppressWarnings("unchecked") // as in the framework: the caller knows what it asks for
    public <T> T getNativeRequest() {
        return (T) this;
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return null;
    }
}
