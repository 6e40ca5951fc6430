package io.omniroute.filters.auth;

import io.omniroute.config.ApiKey;

/** Who calls: the API key that was presented and is valid. Never holds the key itself. */
public record Caller(ApiKey key) {}
