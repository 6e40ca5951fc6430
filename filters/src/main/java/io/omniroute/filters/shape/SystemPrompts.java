package io.omniroute.filters.shape;

import org.springframework.http.HttpHeaders;

/** What all models are told. */
final class SystemPrompts implements ShapingPolicy {

    private final ShapingProperties.SystemPrompt texts;

    SystemPrompts(ShapingProperties.SystemPrompt texts) {
        this.texts = texts;
    }

    @Override
    public Shaped apply(Shaped shaped, HttpHeaders headers) {
        return shaped.with(shaped.shape().told(texts.before(), texts.after()));
    }
}
