package io.omniroute.app.local;

import io.omniroute.sandbox.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.netty.ChannelBindException;

/** The sandbox beside the gateway. Where its port is taken, another gateway's sandbox is there, and is used. */
final class LocalSandbox implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LocalSandbox.class);

    private final LocalProperties local;
    private @Nullable Sandbox sandbox;

    LocalSandbox(LocalProperties local) {
        this.local = local;
    }

    @Override
    public synchronized void start() {
        if (local.sandboxPort() == 0) {
            return;
        }
        try {
            sandbox = Sandbox.start(local.sandboxPort(), local.sandboxControlPort());
        } catch (ChannelBindException taken) {
            if (!isServed(local.sandboxPort())) {
                throw taken;
            }
            LOG.info("port {} is in use; the sandbox of another gateway is expected there", taken.localPort());
        }
    }

    /** Asked, because each transport has an exception of its own for a port that is in use. */
    private static boolean isServed(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    @Override
    public synchronized void stop() {
        Sandbox running = sandbox;
        if (running != null) {
            running.close();
            sandbox = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return sandbox != null;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
