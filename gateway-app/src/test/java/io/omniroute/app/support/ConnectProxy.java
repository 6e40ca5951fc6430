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

/** An HTTP proxy that knows CONNECT only, writes down who asked for what, and connects everybody to one port of loopback. */
public final class ConnectProxy implements AutoCloseable {

    private static final String CREDENTIALS = "Basic dXNlcjpwQHNz";

    private final ServerSocket door;
    private final int target;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private ConnectProxy(ServerSocket door, int target) {
        this.door = door;
        this.target = target;
    }

    /** Starts one that leads to a port. */
    public static ConnectProxy to(int target) {
        try {
            ConnectProxy proxy = new ConnectProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
            Thread.ofVirtual().start(proxy::serve);
            return proxy;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Where it is, with the user and the password that it asks for. */
    public String url() {
        return "http://user:p%40ss@127.0.0.1:" + door.getLocalPort();
    }

    /** The request lines that it was sent, with "refused" where the credentials were missing. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String request = head(client.getInputStream());
            boolean known =
                    request.lines().anyMatch(line -> line.equalsIgnoreCase("proxy-authorization: " + CREDENTIALS));
            asked.add(request.lines().findFirst().orElse("") + (known ? "" : " refused"));
            OutputStream out = client.getOutputStream();
            if (!known) {
                out.write("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                out.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Thread back = Thread.ofVirtual().start(() -> copy(server, client));
                copy(client, server);
                back.join();
            }
        } catch (IOException gone) {
            // one of the two sides has left
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            // the other direction ends by itself
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                break;
            }
        }
        return head.toString();
    }
}
