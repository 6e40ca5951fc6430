package io.omniroute.filters.shape;

import io.omniroute.config.Glob;
import io.omniroute.filters.task.TaskDetection;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.json.JsonLimits;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/** Calls go to what is good at what they are about. */
final class TaskRoute implements ShapingPolicy {

    private final Map<String, String> models;
    private final List<Glob> insteadOf;
    private final JsonLimits json;
    private final TaskDetection tasks = new TaskDetection();

    TaskRoute(ShapingProperties.Tasks settings, JsonLimits json) {
        this.models = Map.copyOf(settings.models());
        this.insteadOf = settings.insteadOf().stream().map(Glob::new).toList();
        this.json = json;
    }

    @Override
    public Shaped apply(Shaped shaped, HttpHeaders headers) {
        String asked = shaped.call().asked();
        if (insteadOf.stream().noneMatch(names -> names.matches(asked))) {
            return shaped;
        }
        byte[] body = shaped.call().body();
        String seen = models.getOrDefault(TaskDetection.VISION, "");
        String name = !seen.isEmpty() && RequestNeeds.of(body, json).vision()
                ? seen
                : models.getOrDefault(tasks.of(body, json), "");
        return name.isEmpty() ? shaped : shaped.asking(name);
    }
}
