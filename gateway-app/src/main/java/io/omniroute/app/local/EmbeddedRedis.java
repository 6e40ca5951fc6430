package io.omniroute.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real Redis server for one data folder, shared by every process that opens the folder: gateways and the command line.
 * The first one starts it, the last one out stops it, and one that was left behind by a killed process is adopted.
 *
 * <p>How: the file {@code lock} has two regions. Byte 0 is locked exclusively while someone starts or stops the server; byte
 * 1 is locked shared by every user for as long as it uses the server, so whoever can lock it exclusively is the last. The
 * operating system gives locks back when a process dies. The server listens on loopback with a random password that is kept,
 * readable by the owner only, beside its data; it runs as a daemon, so that Ctrl-C in a terminal does not hit it. File locks
 * belong to a process, so one open folder is counted within it.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final long STARTING = 0;
    private static final long USING = 1;

    private static final Map<Path, EmbeddedRedis> OPEN = new HashMap<>();

    private final Path folder;
    private final RedisServer server;
    private final FileChannel locks;
    private final FileLock use;
    private final RedisAddress address;
    private int users = 1;

    private EmbeddedRedis(Path folder, FileChannel locks, FileLock use, RedisAddress address) {
        this.folder = folder;
        this.server = new RedisServer(folder);
        this.locks = locks;
        this.use = use;
        this.address = address;
    }

    /**
     * Uses the server of a data folder, and starts it if it does not run.
     *
     * @throws UncheckedIOException if it cannot be started, saying why
     */
    public static EmbeddedRedis open(Path dataDir) {
        synchronized (OPEN) {
            try {
                Path folder = PrivateFiles.folder(dataDir.resolve("redis"));
                EmbeddedRedis open = OPEN.get(folder);
                if (open != null) {
                    open.users++;
                    return open;
                }
                EmbeddedRedis opened = openFirst(folder);
                OPEN.put(folder, opened);
                return opened;
            } catch (IOException failed) {
                String said = "the embedded Redis of " + dataDir + " cannot be used: " + inWords(failed);
                throw failed instanceof FileSystemException
                        ? new UnusableFolder(said, failed)
                        : new UnusableRedis(said, action(dataDir, failed), failed);
            }
        }
    }

    private static String action(Path dataDir, IOException failed) {
        if (failed instanceof NoRedisProgram
                && String.valueOf(failed.getMessage()).contains("Permission denied")) {
            return "Let DATA_DIR be where programs may be started from, or let REDIS_URL name a Redis that runs.";
        }
        return failed instanceof NoRedisProgram
                ? "Install a Redis server (brew install redis, apt install redis-server), or let REDIS_URL name one that runs."
                : "See redis.log in " + dataDir.resolve("redis") + ", or let REDIS_URL name another Redis.";
    }

    /** Exceptions of files say in their names what is wrong, and in their messages only where. */
    private static String inWords(IOException failed) {
        return failed instanceof FileSystemException file && file.getReason() == null
                ? failed.getClass().getSimpleName().replace("Exception", "").replaceAll("(?<=[a-z])([A-Z])", " $1")
                        + " " + failed.getMessage()
                : String.valueOf(failed.getMessage());
    }

    /** Where it listens, and with which password. */
    public RedisAddress address() {
        return address;
    }

    /**
     * Starts the server again if it has died, where it was before, so that those who use it find it again. Blocks.
     *
     * @return whether it had died
     */
    public boolean revive() {
        synchronized (OPEN) {
            if (users <= 0 || server.process().isPresent()) {
                return false;
            }
            try (FileLock starting = locks.lock(STARTING, 1, false)) {
                if (server.process().isEmpty() && !RedisServer.isFree(address.port())) {
                    throw new IOException("port " + address.port() + " is taken");
                }
                if (server.process().isEmpty()) {
                    server.start(Optional.of(address));
                }
                return true;
            } catch (IOException failed) {
                throw new UncheckedIOException(
                        "the embedded Redis cannot be started again: " + failed.getMessage(), failed);
            }
        }
    }

    /** Stops using the server; the last user of all processes stops it. */
    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users > 0) {
                return;
            }
            OPEN.remove(folder);
            try (locks;
                    FileLock starting = locks.lock(STARTING, 1, false)) {
                use.release();
                FileLock last = locks.tryLock(USING, 1, false);
                if (last != null) {
                    RedisProbe.shutDown(address);
                }
            } catch (IOException failed) {
                throw new UncheckedIOException("the embedded Redis cannot be stopped: " + failed.getMessage(), failed);
            }
        }
    }

    private static EmbeddedRedis openFirst(Path folder) throws IOException {
        FileChannel locks = FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileLock starting = locks.lock(STARTING, 1, false)) {
            RedisServer server = new RedisServer(folder);
            Optional<RedisAddress> running = running(folder, server);
            RedisAddress address = running.isPresent() ? running.get() : server.start(RedisAddress.read(server.file()));
            RedisServer.awaitData(address);
            return new EmbeddedRedis(folder, locks, locks.lock(USING, 1, true), address);
        } catch (IOException | RuntimeException failed) {
            locks.close();
            throw failed;
        }
    }

    /**
     * The server that runs already. While others use it, one that does not answer is slow and not gone: a second server on the
     * same data is never started.
     */
    private static Optional<RedisAddress> running(Path folder, RedisServer server) throws IOException {
        long deadline = System.nanoTime() + RedisServer.PATIENCE;
        do {
            Optional<RedisAddress> written =
                    RedisAddress.read(server.file()).filter(found -> RedisProbe.isOurs(found, folder));
            if (written.isPresent()) {
                return written;
            }
            // nobody else starts one meanwhile: whoever does holds the lock that is held here
            if (server.process().isEmpty()) {
                return Optional.empty();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        } while (System.nanoTime() - deadline < 0);
        throw new IOException("its server runs, but does not answer");
    }
}
