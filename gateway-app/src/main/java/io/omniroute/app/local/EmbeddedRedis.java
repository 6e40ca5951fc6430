package io.omniroute.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final String PID = "redis.pid";
    private static final String OUT = "redis.out";
    private static final long STARTING = 0;
    private static final long USING = 1;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final Map<Path, EmbeddedRedis> OPEN = new HashMap<>();

    private final Path folder;
    private final FileChannel locks;
    private final FileLock use;
    private final RedisAddress address;
    private int users = 1;

    private EmbeddedRedis(Path folder, FileChannel locks, FileLock use, RedisAddress address) {
        this.folder = folder;
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
                Path folder = prepare(dataDir);
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
            if (users <= 0 || process(folder).isPresent()) {
                return false;
            }
            try (FileLock starting = locks.lock(STARTING, 1, false)) {
                if (process(folder).isEmpty() && !isFree(address.port())) {
                    throw new IOException("port " + address.port() + " is taken");
                }
                if (process(folder).isEmpty()) {
                    start(folder, folder.resolve("redis.properties"), Optional.of(address));
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
            Path file = folder.resolve("redis.properties");
            Optional<RedisAddress> running = running(folder, file);
            RedisAddress address = running.isPresent() ? running.get() : start(folder, file, RedisAddress.read(file));
            awaitData(address);
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
    private static Optional<RedisAddress> running(Path folder, Path file) throws IOException {
        long deadline = System.nanoTime() + PATIENCE;
        do {
            Optional<RedisAddress> written = RedisAddress.read(file).filter(found -> RedisProbe.isOurs(found, folder));
            if (written.isPresent()) {
                return written;
            }
            // nobody else starts one meanwhile: whoever does holds the lock that is held here
            if (process(folder).isEmpty()) {
                return Optional.empty();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        } while (System.nanoTime() - deadline < 0);
        throw new IOException("its server runs, but does not answer");
    }

    /** The folder's server, whether it answers or not. */
    private static Optional<ProcessHandle> process(Path folder) {
        try {
            String pid = Files.readString(folder.resolve(PID)).strip();
            return ProcessHandle.of(Long.parseLong(pid))
                    .filter(ProcessHandle::isAlive)
                    .filter(server -> server.info()
                            .command()
                            .filter(program -> Path.of(program).startsWith(folder))
                            .isPresent());
        } catch (IOException | NumberFormatException neverStarted) {
            return Optional.empty();
        }
    }

    /** @param before where one was that others still look for, if any did */
    private static RedisAddress start(Path folder, Path file, Optional<RedisAddress> before) throws IOException {
        Path program = RedisProgram.in(folder);
        Optional<RedisAddress> again = before.filter(address -> isFree(address.port()));
        String password =
                again.map(RedisAddress::password).orElseGet(() -> HexFormat.of().formatHex(randomBytes()));
        int port = again.isPresent() ? again.get().port() : freePort();
        Path conf = folder.resolve("redis.conf");
        writePrivately(conf, conf(folder, port, password));
        // known before it runs, so that it is found again even if this process dies now
        writePrivately(file, new RedisAddress(port, password, "").written());
        Process starter = new ProcessBuilder(program.toString(), conf.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(folder.resolve(OUT).toFile()))
                .start();
        RedisAddress address = awaitReady(starter, folder, port, password);
        writePrivately(file, address.written());
        return address;
    }

    private static RedisAddress awaitReady(Process starter, Path folder, int port, String password) throws IOException {
        long deadline = System.nanoTime() + PATIENCE;
        while (System.nanoTime() - deadline < 0) {
            Optional<String> runId = RedisProbe.runId(port, password);
            if (runId.isPresent()) {
                return new RedisAddress(port, password, runId.get());
            }
            if (!starter.isAlive() && starter.exitValue() != 0) {
                break;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        // it would be one too many when the next one starts
        process(folder).ifPresent(ProcessHandle::destroy);
        // what it says before it has read its settings, and of them
        String last = lastLine(folder.resolve(OUT))
                .or(() -> lastLine(folder.resolve("redis.log")))
                .map(line -> ": " + line)
                .orElse("");
        throw new IOException("it did not start" + last);
    }

    /** As long as it answers it gets on with its data, however many they are. */
    private static void awaitData(RedisAddress address) {
        boolean told = false;
        while (RedisProbe.isLoading(address.port(), address.password())) {
            if (!told) {
                LOG.info("the embedded Redis reads its data");
                told = true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static Optional<String> lastLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank()).reduce((before, line) -> line);
        } catch (IOException | UncheckedIOException nothingSaid) {
            return Optional.empty();
        }
    }

    private static List<String> conf(Path folder, int port, String password) {
        return List.of(
                "bind 127.0.0.1",
                "port " + port,
                "requirepass " + password,
                "daemonize yes",
                "pidfile \"" + folder.resolve(PID) + "\"",
                "dir \"" + folder + "\"",
                "logfile \"" + folder.resolve("redis.log") + "\"",
                "loglevel warning",
                "appendonly yes",
                "appendfsync everysec",
                "save \"\"",
                "maxmemory-policy noeviction");
    }

    private static Path prepare(Path dataDir) throws IOException {
        Path folder = dataDir.resolve("redis");
        Files.createDirectories(folder);
        Path real = folder.toRealPath();
        if (isPosix(real)) {
            Files.setPosixFilePermissions(
                    real,
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));
        }
        return real;
    }

    static void writePrivately(Path file, List<String> lines) throws IOException {
        Files.deleteIfExists(file);
        if (isPosix(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
        Files.write(file, lines);
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException | IllegalArgumentException taken) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
