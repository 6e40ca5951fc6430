package io.omniroute.app.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that must be told theirs: none that the system gives to somebody who asks for any. */
public final class Ports {

    private static final int FIRST = 12_000;
    private static final int LAST = 22_000;

    /** How far above a Redis server's port its cluster's own is. */
    private static final int CLUSTER = 10_000;

    private Ports() {}

    /** A free port of loopback; the one 10,000 above, which a Redis of a cluster takes too, is also free. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (ServerSocket one = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket other = new ServerSocket(port + CLUSTER, 1, InetAddress.getLoopbackAddress())) {
                return one.getLocalPort();
            } catch (IOException taken) {
                // another one then
            }
        }
    }
}
