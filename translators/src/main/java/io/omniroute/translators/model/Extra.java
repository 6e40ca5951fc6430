package io.omniroute.translators.model;

import io.omniroute.translators.json.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
        if (!read.hasRest()) {
            return NONE;
        }
        Map<String, JsonNode> rest = read.rest();
        rest.values().removeIf(JsonNode::isNull);
        return new Extra(format, rest);
    }

    /** The same without some of the fields. */
    public Extra without(Set<String> names) {
        if (names.stream().noneMatch(fields::containsKey)) {
            return this;
        }
        Map<String, JsonNode> others = new LinkedHashMap<>(fields);
        others.keySet().removeAll(names);
        return new Extra(format, others);
    }

    /** The fields, if they are of that format. */
    public Map<String, JsonNode> of(String wanted) {
        return format.equals(wanted) ? fields : Map.of();
    }
}
