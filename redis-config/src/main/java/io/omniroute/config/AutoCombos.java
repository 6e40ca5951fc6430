package io.omniroute.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The combos that are there without being declared, {@code auto.yml}: {@code auto} and its variants of all models that can converse
 * and are declared or targets of combos, and {@code provider/<id>} of those of a provider. A declared name goes before them.
 */
final class AutoCombos {

    private static final String CHAT = "chat";
    /** Of a model that is not declared, only its name says that it makes no answers. */
    private static final Pattern EMBEDS =
            Pattern.compile("(?i)embed|(^|[/-])(bge|gte|e5|voyage|rerank|all-minilm)([-:.]|$)|minilm|rerank");

    private static final List<Map<String, Object>> VARIANTS = read();

    private AutoCombos() {}

    /**
     * The combos by name; none where there is no such model.
     *
     * @param inCombos targets of declared combos, whose models may not be declared themselves
     * @param patience what they do when their targets are slow, or have all failed
     */
    static Map<String, Combo> of(Map<String, Provider> providers, Stream<Target> inCombos, Patience patience) {
        Set<Target> all = new LinkedHashSet<>();
        providers.values().forEach(provider -> all.addAll(models(provider)));
        inCombos.filter(target -> !EMBEDS.matcher(target.model()).find() && isChat(providers, target))
                .map(target -> Target.of(target.provider(), target.model()))
                .forEach(all::add);
        Map<String, Combo> combos = new LinkedHashMap<>();
        for (Map<String, Object> variant : VARIANTS) {
            List<Target> targets = all.stream()
                    .filter(target -> !variant.containsKey("local") || isLocal(providers, target))
                    .filter(target -> !variant.containsKey("free") || isFree(providers, target))
                    .toList();
            if (!targets.isEmpty()) {
                Combo combo = combo(variant, targets, patience);
                combos.put(combo.name(), combo);
            }
        }
        providers.values().forEach(provider -> {
            List<Target> targets = all.stream()
                    .filter(target -> target.provider().equals(provider.id()))
                    .toList();
            if (!targets.isEmpty()) {
                Combo combo = combo(Map.of("name", "provider/" + provider.id()), targets, patience);
                combos.put(combo.name(), combo);
            }
        });
        return combos;
    }

    private static boolean isChat(Map<String, Provider> providers, Target target) {
        Provider provider = providers.get(target.provider());
        Model declared = provider == null ? null : provider.models().get(target.model());
        return declared == null || declared.operations().contains(CHAT);
    }

    private static Combo combo(Map<String, Object> variant, List<Target> targets, Patience patience) {
        return Combo.of(
                        text(variant, "name", ""),
                        text(variant, "strategy", "auto"),
                        targets,
                        Optional.empty(),
                        1,
                        new Demands(true, 0, variant.containsKey("free"), List.of()),
                        patience)
                .with(new Scoring(text(variant, "mode", Scoring.DEFAULT.mode()), text(variant, "task", "")));
    }

    private static List<Target> models(Provider provider) {
        return provider.models().values().stream()
                .filter(model -> model.operations().contains(CHAT))
                .map(model -> Target.of(provider.id(), model.id()))
                .toList();
    }

    private static boolean isFree(Map<String, Provider> providers, Target target) {
        Provider provider = providers.get(target.provider());
        return provider != null
                && KnownFacts.shipped().of(provider, target.model()).costNothing();
    }

    /** A provider on this machine, or in a private network. */
    private static boolean isLocal(Map<String, Provider> providers, Target target) {
        Provider provider = providers.get(target.provider());
        URI url = provider == null ? URI.create("") : provider.baseUrl();
        String host = url.getHost() == null ? "" : url.getHost();
        try {
            // a literal address is not looked up
            boolean literal = host.matches("[0-9.]+") || host.startsWith("[");
            return host.equals("localhost") || (literal && Addresses.isPrivate(InetAddress.getByName(host)));
        } catch (IOException notAnAddress) {
            return false;
        }
    }

    private static String text(Map<String, Object> variant, String name, String absent) {
        Object value = variant.get(name);
        return value == null ? absent : value.toString();
    }

    private static List<Map<String, Object>> read() {
        try (InputStream in = AutoCombos.class.getResourceAsStream("auto.yml")) {
            if (in == null) {
                throw new IllegalStateException("auto.yml is missing from the class path");
            }
            List<Map<String, Object>> all = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            return List.copyOf(new ArrayList<>(all));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
