package io.omniroute.redis.conversation;

/**
 * What is told to whoever takes a conversation over.
 *
 * @param from who had it, when it was written
 * @param summary what it was about
 */
public record Handoff(String from, String summary) {}
