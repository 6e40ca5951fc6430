package io.omniroute.app.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for servers that must be told theirs: none that the system gives to somebody who asks for any. */
public final class Ports {

    private static final int FIRST = 12_000;
    private static final int LAST = 22_000;

    /** How far above a Redis server's port its cluster's own is. */
    private static final int CLUSTER = 10_000;

    /** Tests run beside each other and their servers open a port long after they were told it: none is given twice. */
    private static final AtomicInteger GIVEN =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST - FIRST));

    private Ports() {}

    /** A free port of loopback, given to nobody else in these tests; so are the next one and the one 10,000 above. */
    public static int free() {
        while (true) {
            int port = FIRST + (GIVEN.getAndAdd(2) & Integer.MAX_VALUE) % (LAST - FIRST);
            if (isFree(port) && isFree(port + 1) && isFree(port + CLUSTER)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket open = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return open.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
