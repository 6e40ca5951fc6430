package io.omniroute.filters.call;

/**
 * The only account that a call may go to, because it keeps something that the call names.
 *
 * @param field the field that names it
 * @param provider the provider's id
 * @param connection the id of the account at it
 */
public record Pin(String field, String provider, String connection) {}
