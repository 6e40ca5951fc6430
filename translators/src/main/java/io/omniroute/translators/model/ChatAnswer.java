package io.omniroute.translators.model;

import io.omniroute.translators.error.ApiError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer, folded from its events.
 *
 * @param candidates by index, at least one unless the provider sent none
 */
public record ChatAnswer(
        String id,
        String model,
        List<Candidate> candidates,
        @Nullable Usage usage) {

    /** The usage, or what it seems to be where the provider did not say. */
    public Usage usageOr(long estimatedInput) {
        return usage != null && !usage.isNothing()
                ? usage
                : Usage.estimated(
                        estimatedInput,
                        candidates.stream()
                                .flatMap(candidate -> candidate.pieces().stream())
                                .filter(piece -> piece.kind().isWords())
                                .mapToLong(piece -> piece.text().length())
                                .sum());
    }

    /** One of the answers that were asked for. */
    public record Candidate(
            int index,
            List<Piece> pieces,
            FinishReason reason,
            String rawReason,
            @Nullable String detail) {

        /** Whether the candidate calls a tool of the client's. */
        public boolean callsTools() {
            return pieces.stream().anyMatch(piece -> piece.kind() == PartKind.TOOL_CALL);
        }
    }

    /**
     * A part of a candidate.
     *
     * @param apart whether it begins a message of its own behind another
     */
    public record Piece(
            PartKind kind,
            @Nullable String callId,
            @Nullable String name,
            boolean apart,
            String text,
            List<Opaque> seals,
            List<Annotation> sources,
            List<TokenProbability> tokens) {}

    /** Folds events into an answer; one per answer. */
    public static final class Fold implements Consumer<StreamEvent> {

        private static final class Open {
            private final StreamEvent.PartStart start;
            private final StringBuilder text = new StringBuilder();
            private final List<Opaque> seals = new ArrayList<>();
            private final List<Annotation> sources = new ArrayList<>();
            private final List<TokenProbability> tokens = new ArrayList<>();

            Open(StreamEvent.PartStart start) {
                this.start = start;
            }

            Piece piece() {
                return new Piece(
                        start.kind(),
                        start.callId(),
                        start.name(),
                        start.apart(),
                        text.toString(),
                        List.copyOf(seals),
                        List.copyOf(sources),
                        List.copyOf(tokens));
            }
        }

        private final Map<Integer, Open> parts = new LinkedHashMap<>();
        private final Map<Integer, StreamEvent.Finish> finishes = new TreeMap<>();
        private String id = "";
        private String model = "";
        private @Nullable Usage usage;
        private @Nullable ApiError failure;

        @Override
        public void accept(StreamEvent event) {
            switch (event) {
                case StreamEvent.Start start -> {
                    id = start.id();
                    model = start.model();
                }
                case StreamEvent.PartStart start -> parts.put(start.part(), new Open(start));
                case StreamEvent.PartDelta delta -> open(delta.part()).text.append(delta.text());
                case StreamEvent.PartSeal seal -> open(seal.part()).seals.add(seal.opaque());
                case StreamEvent.PartSource source ->
                    open(source.part()).sources.add(source.annotation());
                case StreamEvent.PartProbabilities likely ->
                    open(likely.part()).tokens.addAll(likely.tokens());
                case StreamEvent.UsageUpdate update -> usage = update.usage();
                case StreamEvent.Finish finish -> finishes.put(finish.candidate(), finish);
                case StreamEvent.Failure failed -> failure = failure == null ? failed.error() : failure;
                case StreamEvent.OwnWork work -> {
                    // is said in no other format
                }
                case StreamEvent.PartEnd end -> {
                    // parts end with the answer at the latest
                }
                case StreamEvent.End end -> {
                    // nothing more to fold
                }
            }
        }

        /** The failure inside the answer, if there was one. */
        public @Nullable ApiError failure() {
            return failure;
        }

        /** What has been folded so far. */
        public ChatAnswer answer() {
            Map<Integer, List<Piece>> pieces = new HashMap<>();
            parts.values()
                    .forEach(open -> pieces.computeIfAbsent(open.start.candidate(), first -> new ArrayList<>())
                            .add(open.piece()));
            List<Candidate> candidates = new ArrayList<>();
            finishes.forEach((index, finish) -> candidates.add(new Candidate(
                    index,
                    List.copyOf(pieces.getOrDefault(index, List.of())),
                    finish.reason(),
                    finish.rawReason(),
                    finish.detail())));
            return new ChatAnswer(id, model, List.copyOf(candidates), usage);
        }

        private Open open(int part) {
            Open open = parts.get(part);
            if (open == null) {
                throw new IllegalStateException("part " + part + " has not begun");
            }
            return open;
        }
    }
}
