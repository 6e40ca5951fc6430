package io.omniroute.filters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/** A table that comes with the gateway: lines of cells between tabs, and lines that begin with {@code #} for people. */
public final class TableFile {

    private TableFile() {}

    /**
     * The cells of its lines.
     *
     * @param reader stands in the same package
     */
    public static List<List<String>> rows(String name, Class<?> reader) {
        try {
            return new ClassPathResource(name, reader)
                    .getContentAsString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
        } catch (IOException missing) {
            throw new UncheckedIOException("the table " + name + " cannot be read", missing);
        }
    }
}
