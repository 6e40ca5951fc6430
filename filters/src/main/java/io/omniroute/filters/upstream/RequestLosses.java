package io.omniroute.filters.upstream;

import io.omniroute.translators.model.Loss;
import java.util.List;

/** What a request lost that was written anew for a provider of its own format. */
record RequestLosses(List<Loss> losses) {}
