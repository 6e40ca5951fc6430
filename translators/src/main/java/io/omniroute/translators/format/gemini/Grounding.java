package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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

    /** Ranges come first: many are of the same source, whose own words may be long. */
    private static final Comparator<Annotation> ORDER = Comparator.comparingInt(Annotation::start)
            .thenComparingInt(Annotation::end)
            .thenComparing((one, other) -> compare(one.url(), other.url()))
            .thenComparing((one, other) -> compare(one.title(), other.title()))
            .thenComparing((one, other) -> compare(one.quoted(), other.quoted()));

    private final StringBuilder text = new StringBuilder();
    private final TextPlaces places = new TextPlaces(text);
    /** Where the texts of the wire's parts begin, in characters. */
    private final List<Integer> beginnings = new ArrayList<>();

    private final List<JsonNode> kept = new ArrayList<>();
    /** In an order, because a provider could name many ranges that have the same hash. */
    private final Set<Annotation> told = new TreeSet<>(ORDER);

    /** @param from where it begins in the whole text, in characters */
    private record Text(int part, int from) {}

    private final List<Text> texts = new ArrayList<>();
    /** Where these begin, in code points, as far as somebody has asked. */
    private final List<Integer> starts = new ArrayList<>();

    /** The next of the wire's parts begins. */
    void nextPart() {
        beginnings.add(text.length());
    }

    /** The text of a part grows. */
    void grow(int number, String piece) {
        if (texts.isEmpty() || texts.getLast().part() != number) {
            texts.add(new Text(number, text.length()));
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

    /** Whether sources have been named. */
    boolean isCited() {
        return !kept.isEmpty() || !told.isEmpty();
    }

    /** Tells where the texts that were read come from, each source of each of their pieces once. */
    void tell(Consumer<StreamEvent> sink) {
        if (!texts.isEmpty()) {
            kept.forEach(metadata -> read(metadata, sink));
            kept.clear();
        }
    }

    private void read(JsonNode metadata, Consumer<StreamEvent> sink) {
        for (String list : CITATIONS) {
            for (JsonNode citation : metadata.path(list)) {
                int end = codePoints(0, citation.path("endIndex").asInt(0));
                if (end > 0) {
                    tell(citation, codePoints(0, citation.path("startIndex").asInt(0)), end, sink);
                }
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
        Annotation said = new Annotation(source.path("uri").asString(""), title, start, end, quoted);
        if (said.isKnown() && told.add(said)) {
            sink.accept(inPart(said));
        }
    }

    /** A source with its piece where it stands in the part that the piece begins in. */
    private StreamEvent inPart(Annotation said) {
        for (int next = starts.size(); next < texts.size(); next++) {
            starts.add(places.ofCharacters(texts.get(next).from()).points());
        }
        int last = texts.size() - 1;
        int place = said.hasRange() ? Collections.binarySearch(starts, said.start()) : last;
        int text = place >= 0 ? place : -place - 2;
        int from = starts.get(text);
        int length = text < last ? starts.get(text + 1) - from : Integer.MAX_VALUE;
        int start = Math.max(0, said.start() - from);
        int end = Math.clamp(said.end() - from, 0, length);
        return new StreamEvent.PartSource(
                texts.get(text).part(), new Annotation(said.url(), said.title(), start, end, said.quoted()));
    }

    private int beginning(int wirePart) {
        return wirePart > 0 && wirePart < beginnings.size() ? beginnings.get(wirePart) : 0;
    }

    /** A place in the whole text, in code points, from one in bytes behind a place in it. */
    private int codePoints(int base, int bytes) {
        long before = places.ofCharacters(base).bytes();
        return places.ofBytes(before + Math.max(0, bytes)).points();
    }

    /** The same text costs nothing to compare with itself. */
    private static int compare(@Nullable String one, @Nullable String other) {
        return Objects.compare(one, other, Comparator.nullsFirst(Comparator.naturalOrder()));
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
            TextPlaces text = new TextPlaces(cited.text());
            int length = text.ofCharacters(cited.text().length()).points();
            for (Annotation source : cited.sources()) {
                int chunk = places.computeIfAbsent(place(source), unknown -> {
                    chunk(source, chunks.addObject());
                    return chunks.size() - 1;
                });
                Annotation inText = source.within(0, length);
                if (inText.hasRange()) {
                    supports.add(support(place, cited.text(), text, inText, chunk));
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

    private static ObjectNode support(int place, String text, TextPlaces places, Annotation source, int chunk) {
        TextPlaces.Place from = places.ofPoints(source.start());
        TextPlaces.Place to = places.ofPoints(source.end());
        ObjectNode support = Json.object();
        ObjectNode segment = support.putObject("segment");
        if (place > 0) {
            segment.put("partIndex", place);
        }
        segment.put("startIndex", from.bytes()).put("endIndex", to.bytes());
        if (to.characters() - from.characters() <= LONGEST_PIECE) {
            segment.put("text", text.substring(from.characters(), to.characters()));
        }
        support.putArray("groundingChunkIndices").add(chunk);
        return support;
    }

    /** A text and where it comes from. */
    record Cited(String text, List<Annotation> sources) {}
}
