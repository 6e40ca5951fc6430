package io.omniroute.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The facts that come with the gateway, {@code providers.yml} and {@code models.yml}. Immutable and safe to share. */
public final class KnownFacts {

    /** More than catalogs have, and few megabytes. */
    private static final int MOST_REMEMBERED = 50_000;

    private record Entry(Glob match, Facts facts) {}

    private record Key(String host, String model) {}

    private static final String SPELLING = "spelling";

    private final List<Entry> providers = entries(read("providers.yml"));
    private final List<Entry> models;
    private final ModelSpellings spellings;
    private final Map<Key, Facts> known = new ConcurrentHashMap<>();

    private KnownFacts() {
        List<Map<String, Object>> written = read("models.yml");
        spellings = new ModelSpellings(
                written.stream().filter(one -> one.containsKey(SPELLING)).toList());
        models = entries(
                written.stream().filter(one -> !one.containsKey(SPELLING)).toList());
    }

    private static final class Shipped {
        private static final KnownFacts FACTS = new KnownFacts();
    }

    /** The one of this application; read when it is first asked for. */
    public static KnownFacts shipped() {
        return Shipped.FACTS;
    }

    /**
     * What is known of a model at a provider.
     *
     * @param baseUrl the provider's
     * @param model as the provider calls it
     */
    public Facts of(URI baseUrl, String model) {
        return of(baseUrl.getHost() == null ? "" : baseUrl.getHost().toLowerCase(Locale.ROOT), model);
    }

    /** What is known of a model, whoever serves it. */
    public Facts ofModel(String model) {
        return of("", model);
    }

    /** A model's name as its own vendor spells it, without the vendor, whoever serves it. */
    String nameOf(String model) {
        return spellings.read(model);
    }

    private Facts of(String host, String model) {
        Key key = new Key(host, model);
        Facts facts = known.get(key);
        if (facts == null) {
            facts = collect(providers, key.host()).with(collect(models, nameOf(model)));
            if (known.size() < MOST_REMEMBERED) {
                known.put(key, facts);
            }
        }
        return facts;
    }

    /** What is known of a model at a provider, and what is configured of it, which goes before. */
    public Facts of(Provider provider, String model) {
        return of(provider.baseUrl(), model).with(provider.factsOf(model));
    }

    private static Facts collect(List<Entry> entries, String name) {
        Facts facts = Facts.NONE;
        for (Entry entry : entries) {
            if (entry.match().matches(name)) {
                facts = facts.with(entry.facts());
            }
        }
        return facts;
    }

    private static List<Map<String, Object>> read(String resource) {
        try (InputStream in = KnownFacts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Entry> entries(List<Map<String, Object>> written) {
        return written.stream().map(KnownFacts::entry).toList();
    }

    @SuppressWarnings("unchecked") // YAML's maps have text keys here
    private static Entry entry(Map<String, Object> written) {
        Object match = written.get("match");
        Object facts = written.get("facts");
        if (match == null || !(facts instanceof Map<?, ?>)) {
            throw new IllegalStateException("an entry has no match or no facts: " + written);
        }
        return new Entry(new Glob(match.toString()), Facts.of((Map<String, Object>) facts));
    }
}
