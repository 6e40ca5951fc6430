package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.ArgumentsEnd;
import io.omniroute.translators.format.IdRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one chat answer, which are told by their numbers, and where these are the same for all, by their ids and by what is complete.
 * One per answer; not thread-safe.
 */
final class ChatCalls {

    /** A call, and whether what it is called with is complete. */
    record Call(int part, @Nullable String id, String name, ArgumentsEnd arguments) {

        /** Whether a further call has come with the same number. */
        boolean isOtherThan(ChatPiece piece) {
            if (isEmpty(piece.name())) {
                return false; // what has no name begins no call, whatever its id
            }
            String other = piece.id();
            if (other != null && !other.isEmpty() && !isEmpty(id) && !other.equals(id)) {
                return true;
            }
            // some have no ids, and some the same for all
            boolean renamed = other != null && other.equals(id) && !name.equals(piece.name());
            boolean unknown = other == null || other.isEmpty() || isEmpty(id);
            return (unknown || renamed)
                    && arguments.isComplete()
                    && !(piece.text().isBlank() && name.equals(piece.name()));
        }
    }

    /**
     * A call whose name is known.
     *
     * @param before the one that had its number before, of which nothing more comes
     */
    record Begun(
            long key, @Nullable Call before, @Nullable String id, String name, String arguments, String signature) {}

    /** A call whose name has not come yet. */
    private static final class Unnamed {
        private final StringBuilder arguments = new StringBuilder();
        private @Nullable String id;
        private String signature = "";
        /** Whether its arguments say anything. */
        private boolean says;

        void add(ChatPiece piece) {
            id = piece.id() == null ? id : piece.id();
            signature = piece.signature().isEmpty() ? signature : piece.signature();
            arguments.append(piece.text());
            says |= !piece.text().isBlank();
        }
    }

    private final Map<Long, Call> known = new HashMap<>();
    private final Map<Long, Unnamed> unnamed = new HashMap<>();
    /** How many calls of candidates have arguments that say something, and no name. */
    private final Map<Integer, Integer> nameless = new HashMap<>();
    /** The ids that calls have, with their candidates. */
    private final Set<String> given = new HashSet<>();
    /** The call that came last. */
    private @Nullable Call last;

    /** The call that a piece belongs to, which has read it; {@code null} if it begins another, or one whose name has not come. */
    @Nullable
    Call growing(int candidate, ChatPiece piece) {
        Call call = known.get(key(candidate, piece));
        if (call == null || call.isOtherThan(piece)) {
            return null;
        }
        if (!piece.text().isEmpty()) {
            last = call;
            call.arguments().read(piece.text());
        }
        return call;
    }

    /** The call that begins with this piece; {@code null} as long as it has no name. */
    @Nullable
    Begun begun(int candidate, ChatPiece piece) {
        long key = key(candidate, piece);
        Unnamed whole = unnamed.computeIfAbsent(key, first -> new Unnamed());
        boolean said = whole.says;
        whole.add(piece);
        String name = piece.name();
        if (name == null || name.isEmpty()) {
            nameless.merge(candidate, whole.says && !said ? 1 : 0, Integer::sum);
            return null;
        }
        unnamed.remove(key);
        nameless.merge(candidate, said ? -1 : 0, Integer::sum);
        return new Begun(key, known.get(key), whole.id, name, whole.arguments.toString(), whole.signature);
    }

    /**
     * Notes a call that has begun, and gives its id: its own, unless another one has it.
     *
     * @param salt what ids are made from
     */
    String add(int candidate, int part, Begun begun, String salt) {
        String id = begun.id();
        Call call = new Call(part, id, begun.name(), new ArgumentsEnd());
        call.arguments().read(begun.arguments());
        last = call;
        known.put(begun.key(), call);
        return id != null && !id.isEmpty() && given.add(candidate + " " + id)
                ? id
                : IdRule.derived(salt + " " + begun.name() + " " + part, "call_", 29);
    }

    /** More came of a part that may be the call that came last. */
    void grows(int part, String text) {
        Call call = last;
        if (call != null && call.part() == part) {
            call.arguments().read(text);
        }
    }

    /** Whether a candidate has a call that says something, and whose name has not come. */
    boolean isNameless(int candidate) {
        return nameless.getOrDefault(candidate, 0) > 0;
    }

    /** The parts of the calls of which nothing has ended yet, by their candidates. */
    Map<Integer, List<Integer>> parts() {
        Map<Integer, List<Integer>> parts = new HashMap<>();
        known.forEach((key, call) -> parts.computeIfAbsent((int) (key >> 32), first -> new ArrayList<>())
                .add(call.part()));
        return parts;
    }

    private static long key(int candidate, ChatPiece piece) {
        return ((long) candidate << 32) | (piece.toolIndex() == null ? 0 : piece.toolIndex());
    }

    private static boolean isEmpty(@Nullable String word) {
        return word == null || word.isEmpty();
    }
}
