package io.omniroute.filters.check;

import io.omniroute.config.CatalogProblems;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;

/**
 * Refuses to start with routes that would be open: a route with {@code ApiFormat} needs {@code Authenticate},
 * {@code AuthorizeModel} and {@code Combo} (a list of models: {@code Authenticate} and {@code ListModels}) unless its
 * metadata has {@code omniroute-unguarded: true}. An argument with {@code #{} would be evaluated as an expression, and is
 * refused. So are names of filters, predicates, formats and operations that mean nothing, which would be told by a stack trace later, and
 * a {@code RequestedModel} that can never match because no {@code ApiFormat} stands before it.
 */
public final class RouteCheck implements InitializingBean {

    private static final Set<String> FOR_CALLS = Set.of("Authenticate", "AuthorizeModel", "Combo");
    private static final Set<String> FOR_MODELS = Set.of("Authenticate", "ListModels");

    private static final String FORMAT = "ApiFormat";

    private final GatewayProperties gateway;
    private final ListableBeanFactory beans;

    /** @param beans have the filters and predicates */
    public RouteCheck(GatewayProperties gateway, ListableBeanFactory beans) {
        this.gateway = gateway;
        this.beans = beans;
    }

    @Override
    public void afterPropertiesSet() {
        List<String> problems = problems(gateway, RouteParts.of(beans));
        if (!problems.isEmpty()) {
            throw new CatalogProblems(problems);
        }
    }

    /**
     * Everything that is wrong with the routes.
     *
     * @param parts say which filters and predicates there are
     */
    public static List<String> problems(GatewayProperties gateway, RouteParts parts) {
        List<String> problems = new ArrayList<>();
        Set<String> everywhere = names(gateway.getDefaultFilters());
        gateway.getDefaultFilters().forEach(filter -> expressions("default-filters", filter.getArgs(), problems));
        unknown("default-filters", everywhere, parts, problems);
        for (RouteDefinition route : gateway.getRoutes()) {
            String where = "route \"" + route.getId() + "\"";
            route.getFilters().forEach(filter -> expressions(where, filter.getArgs(), problems));
            route.getPredicates().forEach(predicate -> expressions(where, predicate.getArgs(), problems));
            unknown(where, names(route.getFilters()), parts, problems);
            predicates(where, route.getPredicates(), parts, problems);
            missing(route, everywhere)
                    .forEach(name -> problems.add(where + " has ApiFormat but not the filter " + name));
        }
        return problems;
    }

    private static void unknown(String where, Set<String> filters, RouteParts parts, List<String> problems) {
        filters.stream()
                .filter(name -> !parts.hasFilter(name))
                .sorted()
                .forEach(name -> problems.add(where + " has an unknown filter \"" + name + "\""));
    }

    private static void predicates(
            String where, List<PredicateDefinition> predicates, RouteParts parts, List<String> problems) {
        boolean format = false;
        for (PredicateDefinition predicate : predicates) {
            @Nullable String name = predicate.getName();
            if (name != null && !parts.hasPredicate(name)) {
                problems.add(where + " has an unknown predicate \"" + name + "\"");
            }
            if (FORMAT.equals(name)) {
                format = true;
                formats(where, predicate.getArgs(), problems);
            }
            if ("RequestedModel".equals(name) && !format) {
                problems.add(where + " has RequestedModel, which never matches without ApiFormat before it");
            }
        }
    }

    private static void formats(String where, Map<String, String> arguments, List<String> problems) {
        arguments.values().stream()
                .flatMap(written -> Stream.of(String.valueOf(written).split(",")))
                .map(String::strip)
                .filter(name ->
                        ApiFormats.ofId(name).isEmpty() && Operation.ofId(name).isEmpty())
                .forEach(name -> problems.add(where + " has ApiFormat with an unknown name \"" + name
                        + "\" (expected a format: " + String.join(", ", ApiFormats.ids()) + "; or an operation: "
                        + Stream.of(Operation.values()).map(Operation::id).collect(Collectors.joining(", ")) + ")"));
    }

    private static List<String> missing(RouteDefinition route, Set<String> everywhere) {
        boolean api = false;
        boolean models = false;
        for (PredicateDefinition predicate : route.getPredicates()) {
            if (FORMAT.equals(predicate.getName())) {
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
