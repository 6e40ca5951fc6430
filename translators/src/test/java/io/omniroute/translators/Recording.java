package io.omniroute.translators;

import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a real provider sent or was sent. A side that a recording does not have is {@code null}.
 *
 * @param file below the folder of recordings
 * @param format as the manifest has it
 * @param url what was called, empty if it is not known
 * @param answer a whole answer
 * @param stream the text of a stream
 */
record Recording(
        String file,
        String format,
        String url,
        @Nullable String request,
        int status,
        @Nullable String answer,
        @Nullable String stream) {

    private static final Path FOLDER = Path.of("src/test/resources/recordings");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern GEMINI_MODEL = Pattern.compile("models/([^:/]+):(\\w+)");

    private static final Pattern CREATED = Pattern.compile("^\\{\"type\": ?\"response\\.created\"");
    private static final Pattern STARTED = Pattern.compile("^\\{\"type\": ?\"message_start\"");
    private static final Pattern STOPPED = Pattern.compile("^\\{\"type\": ?\"message_stop\"");

    /** All recordings of the manifest. */
    static List<Recording> all() {
        try {
            return Files.readAllLines(FOLDER.resolve("MANIFEST.tsv")).stream()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .flatMap(row -> read(row[0], row[3]))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The format, unless it is one that the gateway does not speak. */
    Optional<ApiFormat> apiFormat() {
        return ApiFormats.ofId(
                switch (format) {
                    case "anthropic" -> "anthropic-messages";
                    case "gemini" -> "gemini";
                    default -> format;
                });
    }

    /** The model in the path, for formats that have it there. */
    String modelInPath() {
        Matcher matcher = GEMINI_MODEL.matcher(url);
        return matcher.find() ? matcher.group(1) : "model";
    }

    @Override
    public String toString() {
        return file;
    }

    private static Stream<Recording> read(String file, String format) {
        String text;
        try {
            text = Files.readString(FOLDER.resolve(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        if (file.endsWith(".chunks.txt")) {
            return chunks(
                    file, format, text.lines().filter(line -> !line.isBlank()).toList());
        }
        return Stream.of(read(file, format, text));
    }

    /** Some files have several answers, one after another. */
    private static Stream<Recording> chunks(String file, String format, List<String> lines) {
        List<StringBuilder> answers = new ArrayList<>();
        boolean stopped = false;
        for (String line : lines) {
            boolean begins = CREATED.matcher(line).find()
                    || (stopped && STARTED.matcher(line).find());
            if (answers.isEmpty() || begins) {
                answers.add(new StringBuilder());
            }
            stopped = STOPPED.matcher(line).find();
            answers.getLast().append("data: ").append(line).append("\n\n");
        }
        return IntStream.range(0, answers.size())
                .mapToObj(i -> new Recording(
                        i == 0 ? file : file + " (" + (i + 1) + ")",
                        format,
                        "",
                        null,
                        200,
                        null,
                        answers.get(i).toString()));
    }

    private static Recording read(String file, String format, String text) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JacksonException stream) {
            return new Recording(file, format, "", null, 200, null, text);
        }
        if (!tree.path("request").isObject()) {
            return new Recording(
                    file,
                    format,
                    "",
                    null,
                    tree.has("error") && !tree.path("error").isNull() ? 400 : 200,
                    text,
                    null);
        }
        JsonNode response = tree.path("response");
        JsonNode body = tree.path("request").path("body");
        return new Recording(
                file,
                format,
                tree.path("request").path("url").asString(""),
                body.isObject() ? body.toString() : null,
                response.path("status").asInt(200),
                response.has("sse")
                        ? null
                        : response.path("body").isString()
                                ? response.path("body").stringValue()
                                : response.path("body").toString(),
                response.has("sse") ? response.path("sse").asString("") : null);
    }
}
