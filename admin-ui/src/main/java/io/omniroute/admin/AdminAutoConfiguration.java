package io.omniroute.admin;

import io.omniroute.config.ApiKey;
import io.omniroute.config.RunTimeProxies;
import io.omniroute.filters.auth.KeyCheck;
import io.omniroute.filters.combo.RouteExplainer;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.redis.connection.Connections;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import reactor.core.publisher.Mono;

/** The management side. Spring Security guards only it; {@code /v1} knows only {@code Authenticate}. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableWebFluxSecurity
public class AdminAutoConfiguration {

    @Bean
    static CallsPassBy callsPassBy() {
        return new CallsPassBy();
    }

    @Bean
    ApiNotFound apiNotFound(ObjectProvider<RequestMappingHandlerMapping> mappings) {
        return new ApiNotFound(mappings);
    }

    @Bean
    UnreadableRequests unreadableRequests() {
        return new UnreadableRequests();
    }

    @Bean
    RouteExplain routeExplain(RouteExplainer explainer, ApiKeys keys) {
        return new RouteExplain(explainer, keys);
    }

    @Bean
    ProviderConnections providerConnections(Connections connections, RunTimeProxies proxies) {
        return new ProviderConnections(connections, proxies);
    }

    @Bean
    Healthz healthz() {
        return new Healthz();
    }

    @Bean
    ManagementKeys managementKeys(KeyCheck keys) {
        return new ManagementKeys(keys);
    }

    /** Paths of the API have their own check and never get to Spring Security; the firewall is for the rest. */
    @Bean
    ServerWebExchangeFirewall firewallOfTheManagementSide() {
        ServerWebExchangeFirewall strict = new StrictServerWebExchangeFirewall();
        return exchange ->
                ApiPath.of(exchange.getRequest().getURI().getRawPath()).isPresent()
                        ? Mono.just(exchange)
                        : strict.getFirewalledExchange(exchange);
    }

    /** There is nothing at a path that the firewall does not let through. */
    @Bean
    ServerExchangeRejectedHandler nothingBehindTheFirewall() {
        return (exchange, rejected) -> ManagementError.NOT_FOUND.write(exchange);
    }

    @Bean
    SecurityWebFilterChain managementSecurity(
            ServerHttpSecurity http, ManagementKeys keys, RequestMappingHandlerMapping requestMappingHandlerMapping) {
        ServerAuthenticationEntryPoint required =
                (exchange, failure) -> ManagementError.AUTHENTICATION_REQUIRED.write(exchange);
        return http.securityMatcher(managementSide())
                .csrf(ServerHttpSecurity.CsrfSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .addFilterAt(keyFilter(keys), SecurityWebFiltersOrder.AUTHENTICATION)
                .exceptionHandling(errors -> errors.authenticationEntryPoint(required)
                        .accessDeniedHandler((exchange, denied) -> ManagementError.NOT_PERMITTED.write(exchange)))
                .authorizeExchange(access -> access.matchers(EndpointRequest.to("health"))
                        .permitAll()
                        .pathMatchers(HttpMethod.GET, RouteExplain.DECIDED)
                        .hasAnyAuthority(ApiKey.MANAGE, ApiKey.OWN)
                        .pathMatchers("/api/**")
                        .access((who, context) -> manageOrNothingThere(who, context, requestMappingHandlerMapping))
                        .anyExchange()
                        .hasAuthority(ApiKey.MANAGE))
                .build();
    }

    /** The actuator is part of it wherever it is; what is below the API is not, which is seen without asking all matchers. */
    private static ServerWebExchangeMatcher managementSide() {
        ServerWebExchangeMatcher paths =
                ServerWebExchangeMatchers.pathMatchers("/api/**", "/actuator/**", "/dashboard/**");
        ServerWebExchangeMatcher any = new OrServerWebExchangeMatcher(paths, EndpointRequest.toAnyEndpoint());
        return exchange -> {
            Optional<ApiPath> path = ApiPath.of(exchange.getRequest().getURI().getRawPath());
            if (path.isEmpty()) {
                return any.matches(exchange);
            }
            // nothing of the actuator is asked for where the API has something
            return ApiFormats.isEndpoint(path.get())
                    ? MatchResult.notMatch()
                    : EndpointRequest.toAnyEndpoint().matches(exchange);
        };
    }

    private static AuthenticationWebFilter keyFilter(ManagementKeys keys) {
        AuthenticationWebFilter filter = new AuthenticationWebFilter((ReactiveAuthenticationManager) keys);
        filter.setServerAuthenticationConverter(keys);
        filter.setSecurityContextRepository(NoOpServerSecurityContextRepository.getInstance());
        filter.setAuthenticationFailureHandler((exchange, failure) -> {
            ManagementError error = switch (failure) {
                case AuthenticationServiceException away -> ManagementError.UNAVAILABLE;
                case LockedException tooMany -> ManagementError.TOO_MANY_TRIES;
                default -> ManagementError.INVALID_KEY;
            };
            return error.write(exchange.getExchange());
        });
        return filter;
    }

    /** Whatever is there needs the scope; what is not there is a 404 for everybody, and nothing is open by omission. */
    private static Mono<AuthorizationResult> manageOrNothingThere(
            Mono<Authentication> who, AuthorizationContext context, RequestMappingHandlerMapping mappings) {
        PathContainer path = context.getExchange().getRequest().getPath().pathWithinApplication();
        boolean nothingThere = mappings.getHandlerMethods().keySet().stream()
                .flatMap(mapping -> mapping.getPatternsCondition().getPatterns().stream())
                .filter(pattern -> pattern.matches(path))
                .allMatch(pattern -> ApiNotFound.PATHS.contains(pattern.getPatternString()));
        if (nothingThere) {
            return Mono.just(new AuthorizationDecision(true));
        }
        return who.map(known -> known.getAuthorities().stream()
                        .anyMatch(authority -> ApiKey.MANAGE.equals(authority.getAuthority())))
                .defaultIfEmpty(false)
                .map(AuthorizationDecision::new);
    }
}
