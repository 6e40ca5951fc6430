package io.omniroute.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server process of one folder: what it is started with, and whether it runs. Who starts it holds the folder's lock. Everything here
 * blocks.
 */
final class RedisServer {

    /** How long a server may take to answer for the first time. */
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(RedisServer.class);
    private static final String PID = "redis.pid";
    private static final String OUT = "redis.out";

    private final Path folder;

    RedisServer(Path folder) {
        this.folder = folder;
    }

    /** Where it is written where the server listens, and with which password. */
    Path file() {
        return folder.resolve("redis.properties");
    }

    /** The process, whether it answers or not. */
    Optional<ProcessHandle> process() {
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

    /**
     * Starts it.
     *
     * @param before where one was that others still look for, if any did
     * @throws IOException if it does not start, saying why
     */
    RedisAddress start(Optional<RedisAddress> before) throws IOException {
        Path program = RedisProgram.in(folder);
        Optional<RedisAddress> again = before.filter(address -> isFree(address.port()));
        String password =
                again.map(RedisAddress::password).orElseGet(() -> HexFormat.of().formatHex(randomBytes()));
        int port = again.isPresent() ? again.get().port() : freePort();
        Path conf = folder.resolve("redis.conf");
        PrivateFiles.write(conf, conf(port, password));
        // known before it runs, so that it is found again even if this process dies now
        PrivateFiles.write(file(), new RedisAddress(port, password, "").written());
        Process starter = new ProcessBuilder(program.toString(), conf.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(folder.resolve(OUT).toFile()))
                .start();
        RedisAddress address = awaitReady(starter, port, password);
        PrivateFiles.write(file(), address.written());
        return address;
    }

    private RedisAddress awaitReady(Process starter, int port, String password) throws IOException {
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
        process().ifPresent(ProcessHandle::destroy);
        // what it says before it has read its settings, and of them
        String last = lastLine(folder.resolve(OUT))
                .or(() -> lastLine(folder.resolve("redis.log")))
                .map(line -> ": " + line)
                .orElse("");
        throw new IOException("it did not start" + last);
    }

    /** Waits until it has read what it kept: as long as it answers it gets on with it, however much it is. */
    static void awaitData(RedisAddress address) {
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

    private List<String> conf(int port, String password) {
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

    private static byte[] randomBytes() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** Whether nobody listens on a port of this machine. */
    static boolean isFree(int port) {
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
