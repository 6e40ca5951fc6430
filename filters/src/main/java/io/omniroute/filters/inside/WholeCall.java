package io.omniroute.filters.inside;

import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.shape.Shape;
import java.util.Optional;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.HttpHeaders;

/**
 * A call that has parts, and what they all have of it.
 *
 * @param caller whose it is
 * @param headers what the client asks of every part, too
 * @param shape what is changed of every part
 * @param route the call's, which is that of its parts, whatever they ask for; empty where they are to find their own
 */
public record WholeCall(Call call, Caller caller, HttpHeaders headers, Shape shape, Optional<Route> route) {

    /** The same for a part that is changed otherwise. */
    public WholeCall with(Shape other) {
        return new WholeCall(call, caller, headers, other, route);
    }
}
