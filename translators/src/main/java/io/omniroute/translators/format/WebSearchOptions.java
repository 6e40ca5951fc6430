package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Tool;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a search of the web is to be done, read out of any format's own way to ask for it. Anthropic and Responses can be told most of it,
 * Chat where the user is and how much to read, Google nothing.
 */
public final class WebSearchOptions {

    private static final String LOCATION = "user_location";
    private static final String SIZE = "search_context_size";
    private static final String ALLOWED = "allowed_domains";
    private static final String BLOCKED = "blocked_domains";
    private static final String USES = "max_uses";
    private static final List<String> PLACE = List.of("city", "region", "country", "timezone");

    /** What is read here, and what says nothing of how to search. */
    private static final Set<String> KNOWN =
            Set.of("type", "name", "cache_control", ALLOWED, BLOCKED, USES, LOCATION, SIZE, "filters", "googleSearch");

    private static final Set<String> FILTERS = Set.of(ALLOWED, BLOCKED);
    private static final Set<String> GOOGLES = Set.of("excludeDomains");
    private static final String LIVE = "external_web_access";

    private final JsonNode raw;

    private WebSearchOptions(JsonNode raw) {
        this.raw = raw;
    }

    /** The options of a tool. */
    public static WebSearchOptions of(Tool.WebSearch search) {
        return new WebSearchOptions(search.raw());
    }

    /** Whether only what the provider has stored may be looked at, which nobody but Responses can be told. */
    boolean isOfStoredPages() {
        return raw.path(LIVE).isBoolean() && !raw.path(LIVE).booleanValue();
    }

    /** Adds them to a tool of Anthropic's. */
    public ObjectNode anthropic(ObjectNode tool, Losses losses) {
        unknown(losses);
        set(tool, ALLOWED, allowed());
        set(tool, BLOCKED, blocked());
        set(tool, USES, raw.get(USES));
        set(tool, LOCATION, location(false));
        lost(raw.get(SIZE), SIZE, losses);
        return tool;
    }

    /** Adds them to a tool of Responses'. */
    public ObjectNode responses(ObjectNode tool, Losses losses) {
        unknown(losses);
        ObjectNode filters = Json.object();
        set(filters, ALLOWED, allowed());
        set(filters, BLOCKED, blocked());
        if (!filters.isEmpty()) {
            tool.set("filters", filters);
        }
        set(tool, SIZE, raw.get(SIZE));
        set(tool, LOCATION, location(false));
        lost(raw.get(USES), USES, losses);
        return tool;
    }

    /** Adds them to {@code web_search_options} of Chat's. */
    public ObjectNode chat(ObjectNode options, Losses losses) {
        unknown(losses);
        set(options, SIZE, raw.get(SIZE));
        set(options, LOCATION, location(true));
        lost(allowed(), ALLOWED, losses);
        lost(blocked(), BLOCKED, losses);
        lost(raw.get(USES), USES, losses);
        return options;
    }

    /** Notes all of them, where nothing can be told. */
    public void nothing(Losses losses) {
        unknown(losses);
        lost(allowed(), ALLOWED, losses);
        lost(blocked(), BLOCKED, losses);
        lost(raw.get(USES), USES, losses);
        lost(raw.get(SIZE), SIZE, losses);
        lost(location(false), LOCATION, losses);
    }

    /** Notes whatever no other format has a word for. */
    private void unknown(Losses losses) {
        unknown(raw, KNOWN, "", losses);
        unknown(raw.path("filters"), FILTERS, "filters.", losses);
        unknown(raw.path("googleSearch"), GOOGLES, "googleSearch.", losses);
    }

    private static void unknown(JsonNode object, Set<String> known, String path, Losses losses) {
        object.propertyStream()
                .filter(field ->
                        !known.contains(field.getKey()) && !field.getKey().equals(LIVE))
                .forEach(field -> lost(field.getValue(), path + field.getKey(), losses));
    }

    private @Nullable JsonNode allowed() {
        return domains(ALLOWED, "");
    }

    private @Nullable JsonNode blocked() {
        return domains(BLOCKED, "excludeDomains");
    }

    private @Nullable JsonNode domains(String name, String googles) {
        for (JsonNode found : List.of(
                raw.path(name),
                raw.path("filters").path(name),
                raw.path("googleSearch").path(googles))) {
            if (found instanceof ArrayNode list && !list.isEmpty()) {
                return list;
            }
        }
        return null;
    }

    /** Where the user is: flat in most formats, one object deeper in Chat's. */
    private @Nullable JsonNode location(boolean deeper) {
        JsonNode written = raw.path(LOCATION);
        JsonNode place = written.path("approximate").isObject() ? written.path("approximate") : written;
        ObjectNode flat = Json.object();
        PLACE.forEach(field -> set(flat, field, place.get(field)));
        if (flat.isEmpty()) {
            return null;
        }
        ObjectNode location = Json.object().put("type", "approximate");
        if (deeper) {
            location.set("approximate", flat);
        } else {
            location.setAll(flat);
        }
        return location;
    }

    private static void set(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value != null && !value.isNull()) {
            object.set(name, value);
        }
    }

    private static void lost(@Nullable JsonNode value, String name, Losses losses) {
        if (value != null && !value.isNull()) {
            losses.add(Loss.Code.WEB_SEARCH_WEAKENED, "tools." + name);
        }
    }
}
