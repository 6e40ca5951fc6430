package io.omniroute.filters.combo;

import io.omniroute.filters.call.Call;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What calls of one conversation have in common. */
public final class Session {

    /** What clients and coding agents call it. */
    private static final List<String> HEADERS = List.of(
            "x-session-id",
            "x-omniroute-session-id",
            "x-omniroute-session",
            "x_session_id",
            "x-codex-session-id",
            "session_id",
            "session-id",
            "conversation_id",
            "x-claude-code-session-id",
            "x-opencode-session",
            "x-session-affinity");

    private static final int LONGEST = 256;

    /** The system prompt and the first words: what a provider's prompt cache looks at first. */
    private static final int BEGINNING = 1_024;

    private Session() {}

    /** What the client calls the conversation in a header; empty if it does not, or in a way that no header can carry. */
    public static Optional<String> named(ServerHttpRequest request) {
        for (String header : HEADERS) {
            String name = request.getHeaders().getFirst(header);
            if (name != null && mayBeSaid(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private static boolean mayBeSaid(String name) {
        return !name.isBlank() && name.length() <= LONGEST && name.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** The name, else the key of the prompt's cache that the client gives; empty if it gives neither. */
    static String given(ServerHttpRequest request, Call call) {
        return named(request).orElseGet(() -> call.head().cacheKey());
    }

    /** What is given, else how the body begins. */
    static String affinity(ServerHttpRequest request, Call call) {
        String given = given(request, call);
        return given.isEmpty() ? beginning(call.body()) : given;
    }

    /** How a body begins, however it is indented. */
    static String beginning(byte[] body) {
        CRC32C beginning = new CRC32C();
        int taken = 0;
        for (int i = 0; i < body.length && taken < BEGINNING; i++) {
            if (body[i] > ' ' || body[i] < 0) {
                beginning.update(body[i]);
                taken++;
            }
        }
        return Long.toHexString(beginning.getValue());
    }
}
