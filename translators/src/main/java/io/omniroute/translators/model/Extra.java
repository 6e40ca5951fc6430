package io.omniroute.translators.model;

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

    /** The fields, if they are of that format. */
    public Map<String, JsonNode> of(String wanted) {
        return format.equals(wanted) ? fields : Map.of();
    }
}
