package io.omniroute.translators.format;

import java.util.Map;

/**
 * A complete answer that may be referred to later.
 *
 * @param id the answer's id
 * @param items its items that have an id, as JSON by their ids
 * @param sentBack all its items as a client would send them back, as JSON objects with commas between them
 */
public record KeptAnswer(String id, Map<String, String> items, String sentBack) {}
