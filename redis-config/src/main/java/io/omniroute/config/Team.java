package io.omniroute.config;

import java.util.Optional;

/**
 * A team and what its keys may call at most.
 *
 * @param id unique in the catalog
 * @param organisation the organisation that it belongs to
 * @param models its patterns; absent where only its keys say
 */
public record Team(String id, String organisation, Optional<ModelPatterns> models) {}
