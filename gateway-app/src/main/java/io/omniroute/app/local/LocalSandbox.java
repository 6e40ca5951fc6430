package io.omniroute.app.local;

import io.omniroute.sandbox.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;

/** The sandbox beside the gateway. Where its port is taken, another gateway's sandbox is there, and is used. */
final class LocalSandbox implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LocalSandbox.class);

    private static final Duration LOOK = Duration.ofSeconds(3);

    private final LocalProperties local;
    private @Nullable Sandbox sandbox;
    /** Looks whether the place of another gateway's sandbox is free. */
    private @Nullable Disposable heir;

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
            if (!Sandbox.isAt(local.sandboxPort())) {
                throw taken;
            }
            LOG.info("port {} is in use; the sandbox of another gateway is expected there", taken.localPort());
            heir = Flux.interval(LOOK, LOOK, Schedulers.boundedElastic())
                    .onBackpressureDrop()
                    .subscribe(look -> inherit());
        }
    }

    /** When the other gateway has ended, this one's sandbox takes its place. */
    private synchronized void inherit() {
        Disposable looking = heir;
        if (looking == null || isServed(local.sandboxPort())) {
            return;
        }
        try {
            sandbox = Sandbox.start(local.sandboxPort(), local.sandboxControlPort());
            LOG.info("the sandbox of another gateway has gone; this one's is at port {} now", local.sandboxPort());
            heir = null;
            looking.dispose();
        } catch (ChannelBindException taken) {
            LOG.debug("port {} is in use again", taken.localPort());
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
        Disposable looking = heir;
        if (looking != null) {
            heir = null;
            looking.dispose();
        }
        Sandbox running = sandbox;
        if (running != null) {
            running.close();
            sandbox = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return sandbox != null || heir != null;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
