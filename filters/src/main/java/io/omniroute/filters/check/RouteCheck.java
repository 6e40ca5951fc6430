package io.omniroute.filters.check;

import io.omniroute.config.CatalogProblems;
import io.omniroute.translators.format.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;

/**
 * Refuses to start with routes that would be open: a route with {@code ApiFormat} needs {@code Authenticate},
 * {@code AuthorizeModel} and {@code Combo} (a list of models: {@code Authenticate} and {@code ListModels}) unless its
 * metadata has {@code omniroute-unguarded: true}. An argument with {@code #{} would be evaluated as an expression, and is
 * refused.
 */
public final class RouteCheck implements InitializingBean {

    private static final Set<String> FOR_CALLS = Set.of("Authenticate", "AuthorizeModel", "Combo");
    private static final Set<String> FOR_MODELS = Set.of("Authenticate", "ListModels");

    private final GatewayProperties gateway;

    public RouteCheck(GatewayProperties gateway) {
        this.gateway = gateway;
    }

    @Override
    public void afterPropertiesSet() {
        List<String> problems = problems(gateway);
        if (!problems.isEmpty()) {
            throw new CatalogProblems(problems);
        }
    }

    /** Everything that is wrong with the routes. */
    public static List<String> problems(GatewayProperties gateway) {
        List<String> problems = new ArrayList<>();
        Set<String> everywhere = names(gateway.getDefaultFilters());
        gateway.getDefaultFilters().forEach(filter -> expressions("default-filters", filter.getArgs(), problems));
        for (RouteDefinition route : gateway.getRoutes()) {
            String where = "route \"" + route.getId() + "\"";
            route.getFilters().forEach(filter -> expressions(where, filter.getArgs(), problems));
            route.getPredicates().forEach(predicate -> expressions(where, predicate.getArgs(), problems));
            missing(route, everywhere)
                    .forEach(name -> problems.add(where + " has ApiFormat but not the filter " + name));
        }
        return problems;
    }

    private static List<String> missing(RouteDefinition route, Set<String> everywhere) {
        boolean api = false;
        boolean models = false;
        for (PredicateDefinition predicate : route.getPredicates()) {
            if ("ApiFormat".equals(predicate.getName())) {
                api = true;
                models = predicate.getArgs().containsValue(Operation.MODELS.id());
            }
        }
        boolean unguarded = "true".equals(String.valueOf(route.getMetadata().get("omniroute-unguarded")));
        if (!api || unguarded) {
            return List.of();
        }
        Set<String> listed = names(route.getFilters());
        return (models ? FOR_MODELS : FOR_CALLS)
                .stream()
                        .filter(name -> !listed.contains(name) && !everywhere.contains(name))
                        .sorted()
                        .toList();
    }

    private static Set<String> names(List<FilterDefinition> filters) {
        return filters.stream().map(FilterDefinition::getName).collect(Collectors.toSet());
    }

    private static void expressions(String where, Map<String, String> arguments, List<String> problems) {
        arguments.forEach((name, value) -> {
            if (String.valueOf(value).contains("#{")) {
                problems.add(where + " has an expression (#{...}) in the argument " + name + ", which is not allowed");
            }
        });
    }
}
