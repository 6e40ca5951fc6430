package io.omniroute.filters.combo;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Catalog;
import io.omniroute.redis.conversation.Tenants;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.RequestHead;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a call says that is only asked about.
 *
 * @param head what its request says, as far as there is one
 */
record UnsentCall(Catalog catalog, RouteExplainer.Question question, Endpoint endpoint, RequestHead head)
        implements Asked {

    UnsentCall(Catalog catalog, RouteExplainer.Question question, RequestHead head) {
        this(catalog, question, question.endpoint(), head);
    }

    @Override
    public String name() {
        return question.model();
    }

    @Override
    public byte @Nullable [] body() {
        return question.body();
    }

    @Override
    public @Nullable String mode() {
        return question.mode();
    }

    @Override
    public boolean usesHostedTools() {
        return !head.hostedTools().isEmpty();
    }

    @Override
    public boolean wantsThoughts() {
        return head.wantsThoughts();
    }

    /** That of the key that is asked about. */
    @Override
    public String team() {
        ApiKey key = question.key();
        return key == null ? "" : Tenants.of(key);
    }

    @Override
    public String session() {
        return question.session();
    }

    @Override
    public String affinity() {
        byte[] body = question.body();
        return question.session().isEmpty() && body != null ? Session.beginning(body) : question.session();
    }

    /** Which account keeps what it names is not known. */
    @Override
    public AccountTerms terms() {
        return new AccountTerms(new Tags(question.tags()), Optional.empty(), question.format());
    }

    /** Whoever could send it could have them. */
    @Override
    public boolean mayHaveParts() {
        return true;
    }
}
