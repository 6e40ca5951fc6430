package io.omniroute.app.support;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A Java process of its own with this test's class path, and what it printed. */
public final class JavaProcess implements AutoCloseable {

    private static final String CLASS_PATH = StartedOften.classPath(System.getProperty("java.class.path"));

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final Thread reader;

    private JavaProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** Starts a class with an environment of only these variables, and no active profile. */
    public static JavaProcess start(String mainClass, Map<String, String> environment, String... arguments) {
        return start(List.of(), mainClass, environment, arguments);
    }

    /** Starts a class with options of the virtual machine. */
    public static JavaProcess start(
            List<String> options, String mainClass, Map<String, String> environment, String... arguments) {
        return start(CLASS_PATH, options, mainClass, environment, arguments);
    }

    /** Starts a class with those entries of the class path alone. */
    public static JavaProcess startWith(
            Predicate<String> entries, String mainClass, Map<String, String> environment, String... arguments) {
        String some = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entries)
                .collect(Collectors.joining(File.pathSeparator));
        return start(some, List.of(), mainClass, environment, arguments);
    }

    private static JavaProcess start(
            String classPath,
            List<String> options,
            String mainClass,
            Map<String, String> environment,
            String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Djunit.jupiter.extensions.autodetection.enabled=false"));
        command.addAll(StartedOften.options(classPath.equals(CLASS_PATH) && arguments.length == 0));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new JavaProcess(builder.start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits until it has printed a text. */
    public JavaProcess awaitOutput(String text) {
        try {
            Eventually.until(
                    "\"" + text + "\" in the output",
                    Duration.ofSeconds(300),
                    () -> output.indexOf(text) >= 0 || (!process.isAlive() && !reader.isAlive()));
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + ":\n" + output, late);
        }
        if (output.indexOf(text) < 0) {
            throw new AssertionError("ended without \"" + text + "\":\n" + output);
        }
        return this;
    }

    /** Waits for its end and gives its exit code. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(300, TimeUnit.SECONDS)) {
                throw new AssertionError("still running:\n" + output);
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Gives it this to read, and nothing more. */
    public JavaProcess type(String text) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    /** What it has printed so far. */
    public String output() {
        return output.toString();
    }

    /** Asks it to end (SIGTERM). */
    public void terminate() {
        process.destroy();
    }

    /** Ends it at once (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
            }
        } catch (IOException closed) {
            output.append(closed);
        }
    }
}
