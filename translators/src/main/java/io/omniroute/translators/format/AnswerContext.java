package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;

/**
 * What an answer's encoder knows beside the answer.
 *
 * @param request what was asked
 * @param id letters and digits that no other answer has
 * @param model what the client is told that answered, where the provider does not say
 * @param created seconds since 1970
 * @param usageAsked whether the client wants usage in its stream
 * @param estimatedInput about how many tokens the request has, for formats that tell before the provider does
 */
public record AnswerContext(
        ChatRequest request,
        String id,
        String model,
        long created,
        boolean usageAsked,
        long estimatedInput,
        CarrierSeal seal) {}
