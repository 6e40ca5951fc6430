package io.omniroute.filters.shape;

import io.omniroute.filters.call.Call;
import org.springframework.http.HttpHeaders;

/** One way to shape calls. Thread-safe; must not block. A bean of this type takes part, in its order. */
public interface ShapingPolicy {

    /**
     * A call as it stands.
     *
     * @param call what is asked
     * @param shape what is changed of it
     */
    record Shaped(Call call, Shape shape) {

        /** The same for another name. */
        public Shaped asking(String name) {
            return new Shaped(call.asking(name), shape);
        }

        /** The same with another shape. */
        public Shaped with(Shape other) {
            return new Shaped(call, other);
        }
    }

    /**
     * What becomes of a conversation; the same if the policy has nothing to say.
     *
     * @param headers of the client
     */
    Shaped apply(Shaped shaped, HttpHeaders headers);
}
