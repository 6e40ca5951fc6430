package io.omniroute.app.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * The program of a Redis server: the one that comes along if it runs here, which needs OpenSSL 3 on some systems, else one that
 * is installed. It is kept in the folder of its data, so that its process is known by its program.
 */
public final class RedisProgram {

    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");
    /** What servers of this version and later keep their data in, which others do not find. */
    private static final String LATER_DATA = "appendonlydir";

    private static final int LATER = 7;
    private static final int MAJOR = 6;
    private static final int MINOR = 2;
    private static final long PATIENCE_S = 10;

    /** Needs nothing of its system. */
    private static final Map<OsArchitecture, String> STATIC =
            Map.of(OsArchitecture.UNIX_x86_64, "/redis-server-6.2.7-linux-386");

    private static final List<String> NAMES = List.of("redis-server", "valkey-server");

    /** Where macOS's package managers install, which the path of what a desktop starts does not have. */
    private static final List<String> USUAL = List.of("/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin");

    /** Where a program may come from. */
    interface Source {
        /** The program's file. */
        Path file() throws IOException;
    }

    private RedisProgram() {}

    /**
     * The first program that runs, in the folder.
     *
     * @throws IOException if none does, saying why not
     */
    public static Path in(Path folder) throws IOException {
        List<Source> sources = new ArrayList<>();
        sources.add(() -> ExecutableProvider.newJarResourceProvider().get().toPath());
        if (OsArchitecture.detectOSandArchitecture().equals(OsArchitecture.UNIX_x86_64)) {
            sources.add(() ->
                    ExecutableProvider.newJarResourceProvider(STATIC).get().toPath());
        }
        installed().forEach(file -> sources.add(() -> file));
        return in(folder, sources);
    }

    static Path in(Path folder, List<Source> sources) throws IOException {
        List<String> problems = new ArrayList<>();
        for (Source source : sources) {
            Path program;
            try {
                program = source.file();
            } catch (IOException | IllegalArgumentException noneForThisSystem) {
                problems.add("none comes along for this system");
                continue;
            }
            Path kept = kept(folder, program);
            Optional<String> problem = problem(kept, Files.exists(folder.resolve(LATER_DATA)));
            if (problem.isEmpty()) {
                return kept;
            }
            Files.delete(kept);
            problems.add(program.getFileName() + " does not run here: " + problem.get());
        }
        throw new NoRedisProgram(String.join("; ", problems));
    }

    private static List<Path> installed() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), USUAL.stream())
                .filter(folder -> folder.startsWith("/"))
                .distinct()
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .toList();
    }

    /** Unpacked or copied once per folder. */
    private static Path kept(Path folder, Path program) throws IOException {
        Path kept = folder.resolve(program.getFileName().toString());
        if (!Files.exists(kept) || Files.size(kept) != Files.size(program)) {
            Path fresh = folder.resolve(program.getFileName() + ".new");
            Files.copy(program, fresh, StandardCopyOption.REPLACE_EXISTING);
            if (!fresh.toFile().setExecutable(true, true)) {
                throw new IOException(fresh + " cannot be made executable");
            }
            Files.move(fresh, kept, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        return kept;
    }

    /** Why a program cannot be the server; empty if it can. */
    private static Optional<String> problem(Path program, boolean laterData) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException noProgram) {
            return Optional.of(String.valueOf(noProgram.getMessage()));
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                return Optional.of("it does not end");
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            Matcher version = VERSION.matcher(said);
            if (process.exitValue() != 0 || !version.find()) {
                return Optional.of(said.isEmpty() ? "it ends with " + process.exitValue() : said);
            }
            int major = Integer.parseInt(version.group(1));
            if (laterData && major < LATER) {
                return Optional.of("older than " + LATER + ", which has written the data");
            }
            boolean recent = major > MAJOR || (major == MAJOR && Integer.parseInt(version.group(2)) >= MINOR);
            return recent ? Optional.empty() : Optional.of("older than " + MAJOR + "." + MINOR);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        } finally {
            process.destroyForcibly();
        }
    }
}
