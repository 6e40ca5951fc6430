package io.omniroute.translators.model;

import io.omniroute.translators.json.Fields;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Fields that the canonical model has no place for. They go back into the format that they came from and nowhere else.
 *
 * @param format the format's id
 * @param fields in their order
 */
public record Extra(String format, Map<String, JsonNode> fields) {

    /** Nothing. */
    public static final Extra NONE = new Extra("", Map.of());

    /** What is left of an object that nobody has read; nulls say nothing. */
    public static Extra rest(String format, Fields read) {
        Map<String, JsonNode> rest = read.rest();
        rest.values().removeIf(JsonNode::isNull);
        return rest.isEmpty() ? NONE : new Extra(format, rest);
    }

    /** The fields, if they are of that format. */
    public Map<String, JsonNode> of(String wanted) {
        return format.equals(wanted) ? fields : Map.of();
    }
}
