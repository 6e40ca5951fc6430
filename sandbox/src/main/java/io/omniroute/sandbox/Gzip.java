package io.omniroute.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Compresses an answer piece by piece, so that every piece can be read when it arrives. One per answer; not thread-safe. */
final class Gzip {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;
    private int sent;

    private Gzip() {
        try {
            gzip = new GZIPOutputStream(out, true);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The pieces, compressed as one. */
    static Flux<byte[]> of(Flux<byte[]> pieces) {
        return Flux.defer(() -> {
            Gzip gzip = new Gzip();
            return pieces.map(gzip::add).concatWith(Mono.fromSupplier(gzip::end));
        });
    }

    /** A whole body, compressed. */
    static byte[] of(byte[] body) {
        Gzip gzip = new Gzip();
        gzip.add(body);
        gzip.end();
        return gzip.out.toByteArray();
    }

    private byte[] add(byte[] piece) {
        try {
            gzip.write(piece);
            gzip.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return unsent();
    }

    private byte[] end() {
        try {
            gzip.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return unsent();
    }

    /** What came since, the head of the format before the first piece. */
    private byte[] unsent() {
        byte[] unsent = Arrays.copyOfRange(out.toByteArray(), sent, out.size());
        sent = out.size();
        return unsent;
    }
}
