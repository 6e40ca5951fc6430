package io.omniroute.translators.format;

/**
 * Something that a provider keeps, as a request names it: a file, a container, a vector store, a cached content, a conversation.
 *
 * @param field the field that names it
 * @param id what the provider calls it
 */
public record KeptObject(String field, String id) {}
