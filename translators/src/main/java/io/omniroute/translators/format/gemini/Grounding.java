package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a candidate's text comes from, as Google says it: sources in one list, and pieces of the text, by the bytes of its UTF-8,
 * that refer to them; and what the text repeats of known works, with each place. One per candidate; not thread-safe.
 */
final class Grounding {

    /** What the Gemini API calls what a text repeats, and what Vertex does. */
    private static final List<String> CITATIONS = List.of("citationSources", "citations");

    private final StringBuilder text = new StringBuilder();
    /** Where the texts of the wire's parts begin, in characters. */
    private final List<Integer> beginnings = new ArrayList<>();

    private final List<JsonNode> kept = new ArrayList<>();
    private final Set<Annotation> told = new HashSet<>();
    private int part = -1;
    /** Where the part that is being written begins. */
    private int partAt;

    /** The next of the wire's parts begins. */
    void nextPart() {
        beginnings.add(text.length());
    }

    /** The text of a part grows. */
    void grow(int number, String piece) {
        if (number != part) {
            part = number;
            partAt = text.length();
        }
        text.append(piece);
    }

    /** Keeps what is said of where the text comes from, until it is all there; some repeat it with every event. */
    void keep(JsonNode metadata) {
        // of both kinds
        if (kept.stream().skip(Math.max(0, kept.size() - 2)).noneMatch(metadata::equals)) {
            kept.add(metadata);
        }
    }

    /** Tells where the text that was read last comes from, each source of each of its pieces once. */
    void tell(Consumer<StreamEvent> sink) {
        if (part >= 0) {
            kept.forEach(metadata -> read(metadata, sink));
            kept.clear();
        }
    }

    private void read(JsonNode metadata, Consumer<StreamEvent> sink) {
        for (String list : CITATIONS) {
            for (JsonNode citation : metadata.path(list)) {
                int start = codePoints(0, citation.path("startIndex").asInt(0));
                tell(citation, start, codePoints(0, citation.path("endIndex").asInt(0)), sink);
            }
        }
        JsonNode chunks = metadata.path("groundingChunks");
        if (metadata.path("groundingSupports").isEmpty()) {
            chunks.forEach(chunk -> tell(chunk, 0, 0, sink));
            return;
        }
        for (JsonNode support : metadata.path("groundingSupports")) {
            JsonNode segment = support.path("segment");
            int base = beginning(segment.path("partIndex").asInt(0));
            int start = codePoints(base, segment.path("startIndex").asInt(0));
            int end = codePoints(base, segment.path("endIndex").asInt(0));
            for (JsonNode index : support.path("groundingChunkIndices")) {
                tell(chunks.path(index.asInt(-1)), start, end, sink);
            }
        }
    }

    private void tell(JsonNode chunk, int start, int end, Consumer<StreamEvent> sink) {
        JsonNode source =
                chunk.has("uri") ? chunk : chunk.has("web") ? chunk.path("web") : chunk.path("retrievedContext");
        String title = source.path("title").asString("");
        String quoted = source.path("text").isString() ? source.path("text").stringValue() : null;
        Annotation said =
                new Annotation(source.path("uri").asString(""), title, Math.max(0, start), Math.max(0, end), quoted);
        if (said.isKnown() && told.add(said)) {
            sink.accept(new StreamEvent.PartSource(part, said));
        }
    }

    private int beginning(int wirePart) {
        return wirePart > 0 && wirePart < beginnings.size() ? beginnings.get(wirePart) : 0;
    }

    /** A place in the part's text, in code points, from one in bytes behind a place in the whole text. */
    private int codePoints(int base, int bytes) {
        int at = base;
        int left = bytes;
        while (at < text.length() && left > 0) {
            int point = text.codePointAt(at);
            left -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            at += Character.charCount(point);
        }
        return at <= partAt ? 0 : text.codePointCount(partAt, at);
    }

    /**
     * Writes sources for a client.
     *
     * @param texts the candidate's texts by the places of their parts, with their sources
     */
    static ObjectNode written(Map<Integer, Cited> texts) {
        ObjectNode metadata = Json.object();
        ArrayNode chunks = metadata.putArray("groundingChunks");
        ArrayNode supports = metadata.putArray("groundingSupports");
        Map<String, Integer> places = new LinkedHashMap<>();
        texts.forEach((place, cited) -> {
            int length = cited.text().codePointCount(0, cited.text().length());
            for (Annotation source : cited.sources()) {
                int chunk = places.computeIfAbsent(place(source), unknown -> {
                    chunk(source, chunks.addObject());
                    return chunks.size() - 1;
                });
                Annotation inText = source.within(0, length);
                if (inText.hasRange()) {
                    supports.add(support(place, cited.text(), inText, length, chunk));
                }
            }
        });
        return metadata;
    }

    private static String place(Annotation source) {
        return source.isOfDocument() ? "\n" + source.title() + "\n" + source.quoted() : source.url();
    }

    private static void chunk(Annotation source, ObjectNode chunk) {
        if (!source.isOfDocument()) {
            chunk.putObject("web").put("uri", source.url()).put("title", source.title());
            return;
        }
        ObjectNode document = chunk.putObject("retrievedContext").put("title", source.title());
        if (source.quoted() != null) {
            document.put("text", source.quoted());
        }
    }

    /** A longer piece is told by its place alone. */
    private static final int LONGEST_PIECE = 4_000;

    private static ObjectNode support(int place, String text, Annotation source, int length, int chunk) {
        int from = text.offsetByCodePoints(0, Math.min(source.start(), length));
        int to = text.offsetByCodePoints(0, Math.min(source.end(), length));
        int start = utf8(text.substring(0, from));
        String piece = text.substring(from, to);
        ObjectNode support = Json.object();
        ObjectNode segment = support.putObject("segment");
        if (place > 0) {
            segment.put("partIndex", place);
        }
        segment.put("startIndex", start).put("endIndex", start + utf8(piece));
        if (piece.length() <= LONGEST_PIECE) {
            segment.put("text", piece);
        }
        support.putArray("groundingChunkIndices").add(chunk);
        return support;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A text and where it comes from. */
    record Cited(String text, List<Annotation> sources) {}
}
