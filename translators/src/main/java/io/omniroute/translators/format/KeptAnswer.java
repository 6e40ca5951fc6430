package io.omniroute.translators.format;

import java.util.Map;

/**
 * A complete answer that may be referred to later.
 *
 * @param id the answer's id
 * @param items its items as JSON by their ids, in their order
 */
public record KeptAnswer(String id, Map<String, String> items) {}
