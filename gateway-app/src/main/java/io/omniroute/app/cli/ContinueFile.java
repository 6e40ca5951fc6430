package io.omniroute.app.cli;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts a model into the list {@code models} of Continue's file, or changes the one of the same name there: everything else stays as
 * it is, with its comments. What was made is read again and compared; a file that cannot be changed so is refused.
 */
final class ContinueFile {

    private static final String MODELS = "models";
    private static final String NAME = "name";
    /** What is another with every model and gateway. */
    private static final List<String> CHANGING = List.of("model", "apiBase");

    private final String text;
    private final Map<String, Object> model;
    private final TextEdits edits;
    private final Map<String, Object> goal;

    private ContinueFile(String text, Map<String, Object> model, Map<String, Object> goal) {
        this.text = text;
        this.model = model;
        this.edits = new TextEdits(text);
        this.goal = goal;
    }

    /**
     * The file with the model of {@code wanted} in it.
     *
     * @throws IllegalArgumentException if the text is not YAML, or not such that it can be changed line by line
     */
    static String merged(String text, String wanted) {
        Map<String, Object> model =
                map(list(Objects.requireNonNull(map(load(wanted)).get(MODELS))).getFirst());
        MappingNode root;
        Map<String, Object> goal;
        try {
            if (!(yaml().compose(new StringReader(text)) instanceof MappingNode mapping)) {
                throw new IllegalArgumentException("is not a YAML map");
            }
            root = mapping;
            goal = map(load(text));
        } catch (YAMLException unreadable) {
            throw new IllegalArgumentException("cannot be read as YAML");
        }
        ContinueFile file = new ContinueFile(text, model, goal);
        file.set(root);
        String result = file.edits.result();
        if (!goal.equals(loadOrNothing(result))) {
            throw new IllegalArgumentException(
                    "is written in a way that cannot be changed line by line; change it by hand");
        }
        return result;
    }

    private void set(MappingNode root) {
        NodeTuple models = tuple(root, MODELS).orElse(null);
        if (models == null) {
            goal.put(MODELS, List.of(model));
            addList(root);
            return;
        }
        Object there = goal.get(MODELS);
        if (there == null
                || (models.getValueNode() instanceof SequenceNode items
                        && items.getValue().isEmpty())) {
            goal.put(MODELS, List.of(model));
            fill(root, models);
        } else if (models.getValueNode() instanceof SequenceNode items) {
            List<Object> all = new ArrayList<>(list(there));
            goal.put(MODELS, all);
            Optional<MappingNode> own = own(items);
            if (own.isPresent()) {
                int index = items.getValue().indexOf(own.get());
                all.set(index, changed(own.get(), map(all.get(index))));
            } else {
                all.addFirst(model);
                addItem(models, items);
            }
        } else {
            throw new IllegalArgumentException("has models that are no list");
        }
    }

    private void addList(MappingNode root) {
        if (isFlow(root)) {
            String more = root.getValue().isEmpty() ? "" : ", ";
            edits.insert(place(root.getStartMark()) + 1, "\"models\": [" + json() + "]" + more);
        } else {
            String margin = " ".repeat(root.getStartMark().getColumn());
            edits.append(margin + MODELS + ":\n" + lines(margin.length() + 2));
        }
    }

    /** An empty list, or none, becomes one with an item. */
    private void fill(MappingNode root, NodeTuple models) {
        Node value = models.getValueNode();
        if (isFlow(root)) {
            edits.replace(place(value.getStartMark()), place(value.getEndMark()), "[" + json() + "]");
            return;
        }
        int colon = text.indexOf(':', place(models.getKeyNode().getEndMark())) + 1;
        int end = Math.max(colon, place(value.getEndMark()));
        edits.replace(colon, end, "");
        edits.insertAfterLineOf(end, lines(root.getStartMark().getColumn() + 2));
    }

    private void addItem(NodeTuple models, SequenceNode items) {
        if (isFlow(items)) {
            edits.insert(place(items.getStartMark()) + 1, json() + ", ");
            return;
        }
        int item = place(items.getValue().getFirst().getStartMark());
        int dash = text.lastIndexOf('-', item - 1);
        int line = text.lastIndexOf('\n', dash) + 1;
        edits.insertAfterLineOf(place(models.getKeyNode().getEndMark()), lines(dash - line));
    }

    private Map<String, Object> changed(MappingNode own, Map<String, Object> before) {
        Map<String, Object> after = new LinkedHashMap<>(before);
        for (String member : CHANGING) {
            Object wanted = Objects.requireNonNull(model.get(member), member);
            after.put(member, wanted);
            String value = isFlow(own) ? json(wanted) : ClientConfig.yaml(wanted.toString());
            Optional<NodeTuple> there = tuple(own, member);
            Node name = tuple(own, NAME).orElseThrow().getValueNode();
            if (there.isPresent()) {
                Node old = there.get().getValueNode();
                edits.replace(place(old.getStartMark()), place(old.getEndMark()), value);
            } else if (isFlow(own)) {
                edits.insert(place(name.getEndMark()), ", " + json(member) + ": " + value);
            } else {
                String margin = " ".repeat(own.getStartMark().getColumn());
                edits.insertAfterLineOf(place(name.getEndMark()), margin + member + ": " + value + "\n");
            }
        }
        return after;
    }

    private Optional<MappingNode> own(SequenceNode items) {
        return items.getValue().stream()
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast)
                .filter(item -> tuple(item, NAME)
                        .filter(name -> name.getValueNode() instanceof ScalarNode scalar
                                && scalar.getValue().equals(model.get(NAME)))
                        .isPresent())
                .findFirst();
    }

    private static Optional<NodeTuple> tuple(MappingNode map, String key) {
        return map.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getTag().equals(Tag.STR)
                        && scalar.getValue().equals(key))
                .findFirst();
    }

    private static boolean isFlow(Node node) {
        return switch (node) {
            case MappingNode map -> map.getFlowStyle() == FlowStyle.FLOW;
            case SequenceNode list -> list.getFlowStyle() == FlowStyle.FLOW;
            default -> false;
        };
    }

    /** The model as an item of a list that stands so far from the left. */
    private String lines(int indent) {
        return model.entrySet().stream()
                .map(member -> member.getKey() + ": "
                        + (member.getValue() instanceof List<?> values
                                ? "[" + values.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "]"
                                : ClientConfig.yaml(String.valueOf(member.getValue()))))
                .collect(Collectors.joining("\n" + " ".repeat(indent + 2), " ".repeat(indent) + "- ", "\n"));
    }

    /** The model as JSON, which may stand where YAML stands in one line. */
    private String json() {
        return model.entrySet().stream()
                .map(member -> json(member.getKey()) + ": " + json(member.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    /** Marks count characters beyond 16 bits as one. */
    private int place(Mark mark) {
        return text.offsetByCodePoints(0, mark.getIndex());
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }

    private static Object load(String text) {
        return yaml().load(text);
    }

    private static Object loadOrNothing(String text) {
        try {
            return load(text);
        } catch (YAMLException invalid) {
            return List.of();
        }
    }

    @SuppressWarnings("unchecked") // the keys of these files are texts; another one is found nowhere and stays
    private static Map<String, Object> map(Object loaded) {
        return (Map<String, Object>) loaded;
    }

    @SuppressWarnings("unchecked") // of anything
    private static List<Object> list(Object loaded) {
        return (List<Object>) loaded;
    }
}
