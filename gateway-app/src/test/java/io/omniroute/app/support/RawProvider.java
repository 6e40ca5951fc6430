package io.omniroute.app.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A provider that answers every request with bytes of the test's own, valid HTTP or not; {@code ~} stands for a tenth of a second. */
public final class RawProvider implements AutoCloseable {

    private final ServerSocket listener;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile String answer = "";
    private volatile boolean stays;
    private volatile boolean forgets;
    private final AtomicInteger requests = new AtomicInteger();

    /** Starts one on a free port. */
    public RawProvider() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Where it listens. */
    public String baseUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /**
     * What comes next.
     *
     * @param afterwards whether the connection stays open behind it
     */
    public void answers(String bytes, boolean afterwards) {
        answer = bytes;
        stays = afterwards;
    }

    /** Whether it closes connections that it has kept when they bring another request. */
    public void forgets(boolean closes) {
        forgets = closes;
    }

    /** How many requests have come. */
    public int requests() {
        return requests.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int served = 0; hasRequest(in); served++) {
                requests.incrementAndGet();
                if (forgets && served > 0) {
                    client.close();
                    return;
                }
                for (String piece : answer.split("(?<=~)")) {
                    out.write(piece.replace("~", "").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    if (piece.endsWith("~")) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                    }
                }
                if (!stays) {
                    client.close();
                }
            }
        } catch (IOException gone) {
            // the gateway has left
        }
    }

    /** Reads one to its end; there is none when the gateway has left. */
    private static boolean hasRequest(InputStream in) throws IOException {
        byte[] read = new byte[64 * 1024];
        StringBuilder request = new StringBuilder();
        while (!request.toString().endsWith("}")) {
            int count = in.read(read);
            if (count < 0) {
                return false;
            }
            request.append(new String(read, 0, count, StandardCharsets.ISO_8859_1));
        }
        return true;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
