package io.omniroute.filters.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SpringCloudCircuitBreakerFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The names that filters and predicates of routes may have. */
public interface RouteParts {

    /** Whether there is a filter of that name. */
    boolean hasFilter(String name);

    /** Whether there is a predicate of that name. */
    boolean hasPredicate(String name);

    /** What an application has; it makes the factories. */
    static RouteParts of(ListableBeanFactory beans) {
        Set<String> filters = beans.getBeansOfType(GatewayFilterFactory.class).values().stream()
                .map(GatewayFilterFactory::name)
                .collect(Collectors.toSet());
        Set<String> predicates = beans.getBeansOfType(RoutePredicateFactory.class).values().stream()
                .map(RoutePredicateFactory::name)
                .collect(Collectors.toSet());
        return new RouteParts() {
            @Override
            public boolean hasFilter(String name) {
                return filters.contains(name);
            }

            @Override
            public boolean hasPredicate(String name) {
                return predicates.contains(name);
            }
        };
    }

    /** What is on the class path, where nothing is made yet: a factory has the name of its class. */
    static RouteParts ofClassPath() {
        return new RouteParts() {
            @Override
            public boolean hasFilter(String name) {
                return name.equals(SpringCloudCircuitBreakerFilterFactory.NAME)
                        || hasClass(name + GatewayFilterFactory.class.getSimpleName());
            }

            @Override
            public boolean hasPredicate(String name) {
                return hasClass(name + RoutePredicateFactory.class.getSimpleName());
            }

            /** The packages that have most are looked through first: to look through all takes about a second. */
            private boolean hasClass(String name) {
                return Set.of("io/omniroute/", "org/springframework/cloud/gateway/").stream()
                                .anyMatch(start -> isBelow(start, name))
                        || isBelow("", name);
            }

            private static boolean isBelow(String start, String name) {
                if (!name.chars().allMatch(Character::isJavaIdentifierPart)) {
                    return false;
                }
                try {
                    return new PathMatchingResourcePatternResolver()
                                    .getResources("classpath*:" + start + "**/" + name + ".class")
                                    .length
                            > 0;
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
            }
        };
    }
}
