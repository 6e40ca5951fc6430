package io.omniroute.filters.call;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;

/**
 * The only account that a call may go to, because it keeps something that the call names.
 *
 * @param field the field that names it
 * @param provider the provider's id
 * @param connection the id of the account at it
 */
public record Pin(String field, String provider, String connection) {

    /**
     * The refusal of a call that may not go to that account.
     *
     * @param asked the model, alias or combo
     */
    public ApiException refusal(String asked) {
        return ApiError.invalid(
                        field,
                        "'" + field + "' names something that an account keeps to which calls for \"" + asked
                                + "\" do not go")
                .withCode("kept_elsewhere")
                .exception();
    }
}
