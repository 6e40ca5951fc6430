package io.omniroute.app.support;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Makes processes of one class path start faster after the first: they share an archive of their classes, which the first that ends by
 * itself writes. Such archives know classes of jars alone, so what stands in folders is put into jars.
 */
final class StartedOften {

    private static final Path FOLDER = Path.of("target", "processes").toAbsolutePath();

    private static final Path ARCHIVE = FOLDER.resolve("classes.jsa");
    private static final AtomicBoolean WRITES = new AtomicBoolean();

    private StartedOften() {}

    /** Options of the virtual machine: the first process that is a gateway writes the archive, and those after it read it. */
    static List<String> options(boolean gateway) {
        String file = "-XX:SharedArchiveFile=" + ARCHIVE;
        if (Files.exists(ARCHIVE)) {
            return List.of(file, "-Xlog:disable");
        }
        return gateway && WRITES.compareAndSet(false, true)
                ? List.of("-XX:+AutoCreateSharedArchive", file, "-Xlog:disable")
                : List.of();
    }

    /** The same class path without folders. */
    static String classPath(String classPath) {
        List<String> jars = new ArrayList<>();
        try {
            Files.createDirectories(FOLDER);
            Files.deleteIfExists(ARCHIVE); // that of an earlier run, with other classes
            for (String entry : classPath.split(File.pathSeparator)) {
                Path path = Path.of(entry);
                jars.add(Files.isDirectory(path) ? jar(path, jars.size()) : entry);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return String.join(File.pathSeparator, jars);
    }

    private static String jar(Path folder, int number) throws IOException {
        Path jar = FOLDER.resolve(number + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file);
                Stream<Path> paths = Files.walk(folder)) {
            entries.setLevel(0);
            for (Path path : (Iterable<Path>) paths.filter(path -> !path.equals(folder))::iterator) {
                String name = folder.relativize(path).toString().replace(File.separatorChar, '/');
                entries.putNextEntry(new JarEntry(Files.isDirectory(path) ? name + "/" : name));
                if (Files.isRegularFile(path)) {
                    Files.copy(path, entries);
                }
                entries.closeEntry();
            }
        }
        return jar.toString();
    }
}
