package io.omniroute.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Several targets behind one name. A plain model is a combo of one.
 *
 * @param name what clients ask for
 * @param strategy the name of the strategy that orders the members
 * @param members what it lists, at least one
 * @param targets all that can be reached through its members
 * @param settings what holds for calls of it
 */
public record Combo(String name, String strategy, List<Member> members, List<Target> targets, ComboSettings settings) {

    /** The strategy that takes the targets as they are listed. */
    public static final String PRIORITY = "priority";

    public Combo {
        members = List.copyOf(members);
        targets = List.copyOf(targets);
    }

    /** A combo of these members. */
    public static Combo of(
            String name,
            String strategy,
            List<? extends Member> members,
            Optional<Set<String>> fallBackOn,
            int sticky,
            Demands demands,
            Patience patience) {
        return new Combo(
                name,
                strategy,
                List.copyOf(members),
                reached(members),
                ComboSettings.of(fallBackOn, sticky, demands, patience));
    }

    /** The kinds of failure after which the next target is tried; absent means every failure that is not the request's own. */
    public Optional<Set<String>> fallBackOn() {
        return settings.fallBackOn();
    }

    /** How many turns in a row a target has where they take turns. */
    public int sticky() {
        return settings.sticky();
    }

    /** Whether calls of a session stay with the account that has answered it. */
    public boolean stickySessions() {
        return settings.stickySessions();
    }

    /** What it asks of its targets. */
    public Demands demands() {
        return settings.demands();
    }

    /** What it does when none of them has answered. */
    public Patience patience() {
        return settings.patience();
    }

    /** How its targets answer together, where they do. */
    public Panel panel() {
        return settings.panel();
    }

    /** What its targets are scored by, where they are. */
    public Scoring scoring() {
        return settings.scoring();
    }

    /** What its targets are told before the conversation; may be empty. */
    public String systemPrompt() {
        return settings.systemPrompt();
    }

    /** The same with other targets in the place of its own, in the combos inside it too. */
    public Combo mapped(UnaryOperator<Target> change) {
        return new Combo(
                name,
                strategy,
                members.stream()
                        .<Member>map(member -> switch (member) {
                            case Target target -> change.apply(target);
                            case Nested nested ->
                                new Nested(nested.combo().mapped(change), nested.weight(), nested.prompt());
                        })
                        .toList(),
                targets.stream().map(change).toList(),
                settings.with(panel().mapped(change)));
    }

    /** The same with another panel. */
    public Combo with(Panel other) {
        return with(settings.with(other));
    }

    /** The same, whose sessions stay where they are or do not. */
    public Combo withStickySessions(boolean stay) {
        return with(settings.withStickySessions(stay));
    }

    /** The same with other scores. */
    public Combo with(Scoring other) {
        return with(settings.with(other));
    }

    /** The same with a prompt of its own. */
    public Combo with(String prompt) {
        return with(settings.with(prompt));
    }

    private Combo with(ComboSettings other) {
        return new Combo(name, strategy, members, targets, other);
    }

    /** The same of other targets. */
    Combo of(List<Target> others) {
        return new Combo(name, strategy, List.copyOf(others), others, settings);
    }

    /** The combo of one that a plain model is. */
    public static Combo ofOne(Target target, Patience patience) {
        return of(target.name(), PRIORITY, List.of(target), Optional.empty(), 1, Demands.DEFAULT, patience);
    }

    /** Whether all of its members are targets. */
    public boolean isFlat() {
        return members.size() == targets.size() && members.stream().allMatch(Target.class::isInstance);
    }

    /** All that a call of it may reach: its targets, and the judges of panels. */
    public Stream<Target> reached() {
        return Stream.concat(targets.stream(), all().flatMap(one -> one.panel().judge().stream()));
    }

    /** Whether a target is one of its own, or of a combo inside it. */
    public boolean reaches(Target target) {
        return targets.stream().anyMatch(target::isSameAs);
    }

    /** This combo and those inside it. */
    public Stream<Combo> all() {
        return Stream.concat(
                Stream.of(this),
                members.stream()
                        .filter(Nested.class::isInstance)
                        .flatMap(nested -> ((Nested) nested).combo().all()));
    }

    private static List<Target> reached(List<? extends Member> members) {
        if (members.stream().allMatch(Target.class::isInstance)) {
            return members.stream().map(Target.class::cast).toList();
        }
        Set<Target> targets = new LinkedHashSet<>();
        for (Member member : members) {
            switch (member) {
                case Target target -> targets.add(target);
                case Nested nested -> targets.addAll(nested.combo().targets());
            }
        }
        return List.copyOf(targets);
    }
}
