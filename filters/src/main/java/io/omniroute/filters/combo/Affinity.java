package io.omniroute.filters.combo;

import io.omniroute.filters.call.Call;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What calls of one conversation have in common: the session that clients name, else the beginning of the body. */
final class Affinity {

    private static final List<String> SESSIONS = List.of(
            "x-session-id", "x-omniroute-session-id", "x-omniroute-session", "x-codex-session-id", "session_id");

    /** The system prompt and the first words: what a provider's prompt cache looks at first. */
    private static final int BEGINNING = 1_024;

    private Affinity() {}

    static String of(ServerHttpRequest request, Call call) {
        for (String name : SESSIONS) {
            @Nullable String session = request.getHeaders().getFirst(name);
            if (session != null && !session.isBlank()) {
                return session;
            }
        }
        CRC32C beginning = new CRC32C();
        beginning.update(call.body(), 0, Math.min(BEGINNING, call.body().length));
        return Long.toHexString(beginning.getValue());
    }
}
