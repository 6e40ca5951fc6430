package io.omniroute.admin;

import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET} and {@code HEAD /healthz}: the process answers. What it can do, Actuator says. */
@RestController
class Healthz {

    @GetMapping("/healthz")
    Map<String, String> alive() {
        return Map.of("status", "ok");
    }
}
