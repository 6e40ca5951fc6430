package io.omniroute.translators.format;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.Loss;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Marks of what may be cached in OpenAI's formats: as OpenAI writes them, and as Anthropic does, which others have taken over. */
public final class CacheMarks {

    private static final String BREAKPOINT = "prompt_cache_breakpoint";
    private static final String CONTROL = "cache_control";

    private CacheMarks() {}

    /** The mark of a part, a message or a tool, in either spelling; {@code null} if it has none. */
    public static @Nullable CacheMark read(Fields marked) {
        JsonNode control = marked.take(CONTROL);
        JsonNode breakpoint = marked.take(BREAKPOINT);
        if (control != null) {
            return new CacheMark(control.path("ttl").stringValue(null));
        }
        return breakpoint == null ? null : new CacheMark(null, true);
    }

    /** Writes a mark back as it came. */
    public static void write(@Nullable CacheMark cache, ObjectNode marked) {
        if (cache == null) {
            return;
        }
        if (cache.breakpoint()) {
            marked.putObject(BREAKPOINT).put("mode", "explicit");
            return;
        }
        ObjectNode control = marked.putObject(CONTROL).put("type", "ephemeral");
        if (cache.ttl() != null) {
            control.put("ttl", cache.ttl());
        }
    }

    /** Writes the mark of a part for a provider of one of OpenAI's formats, if it knows such marks; it has one time for all. */
    public static void write(@Nullable CacheMark cache, ObjectNode part, TargetProfile target, Losses losses) {
        if (cache == null || !areKnown(target)) {
            return;
        }
        if (areAnthropics(target)) {
            write(new CacheMark(cache.ttl()), part);
            return;
        }
        part.putObject(BREAKPOINT).put("mode", "explicit");
        if (cache.ttl() != null) {
            losses.add(Loss.Code.CACHE_HINT_DROPPED, CONTROL + ".ttl");
        }
    }

    /** Whether parts may be marked. */
    public static boolean areKnown(TargetProfile target) {
        return target.takes().contains(BREAKPOINT) || areAnthropics(target);
    }

    /** Whether they are marked as Anthropic does, those of tools' answers too. */
    public static boolean areAnthropics(TargetProfile target) {
        return target.takes().contains(CONTROL);
    }
}
