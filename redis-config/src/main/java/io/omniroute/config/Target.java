package io.omniroute.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model at a provider that a call can be sent to.
 *
 * @param provider the provider's id
 * @param model the provider's own name of the model
 * @param connection the only connection to use, if it must be that one
 * @param deadlines the deadlines that this target sets for itself
 * @param weight how much of the calls it gets where they are spread by weight
 * @param prompt what it is told before the step that it makes of a pipeline; may be empty
 */
public record Target(
        String provider,
        String model,
        Optional<String> connection,
        Deadlines.@Nullable Override deadlines,
        int weight,
        String prompt)
        implements Member {

    /** A target without settings of its own. */
    public static Target of(String provider, String model) {
        return new Target(provider, model, Optional.empty(), null, 1, "");
    }

    /** Targets are looked up often, and few differ in the rest alone. */
    @Override
    public int hashCode() {
        return 31 * provider.hashCode() + model.hashCode();
    }

    /** The same with another weight. */
    public Target withWeight(int other) {
        return new Target(provider, model, connection, deadlines, other, prompt);
    }

    /** The same, told something before its step; what it was told already stays where that is empty. */
    public Target withPrompt(String other) {
        return other.isEmpty() ? this : new Target(provider, model, connection, deadlines, weight, other);
    }

    /** The same model at one account, with its weight. */
    public Target at(Connection account) {
        return new Target(provider, model, Optional.of(account.id()), deadlines, account.weight(), prompt);
    }

    /** What calls are counted by: the model, and the account if it must be that one. */
    public String counted() {
        return connection.map(account -> name() + "@" + account).orElseGet(this::name);
    }

    /** What the calls of its account are counted by, whatever their models; the model where any account will do. */
    public String countedByAccount() {
        return connection.map(account -> provider + "@" + account).orElseGet(this::name);
    }

    /** The same without settings of its own: equal for all that {@link #isSameAs} each other. */
    public Target bare() {
        return new Target(provider, model, connection, null, 0, "");
    }

    /** Whether both are the same model at the same account, or at any. */
    public boolean isSameAs(Target other) {
        return provider.equals(other.provider) && model.equals(other.model) && connection.equals(other.connection);
    }

    /** The canonical name that patterns are matched against: {@code provider/model}. */
    public String name() {
        return provider + "/" + model;
    }
}
