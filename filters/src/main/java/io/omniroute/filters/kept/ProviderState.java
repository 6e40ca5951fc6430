package io.omniroute.filters.kept;

/** A mark on calls whose route lets providers keep what they answer. */
enum ProviderState {
    ALLOWED
}
