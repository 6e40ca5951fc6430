package io.omniroute.filters.error;

import io.omniroute.filters.observe.CallRecorder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What failures are told by, in the chain and outside of it. */
@Configuration(proxyBeanMethods = false)
public class ErrorConfiguration {

    @Bean
    ClimbingPathWebFilter climbingPathWebFilter(CallRecorder recorder) {
        return new ClimbingPathWebFilter(recorder);
    }

    @Bean
    BrokenRequests brokenRequests(ObjectProvider<CallRecorder> recorder) {
        return new BrokenRequests(recorder::getObject);
    }

    @Bean
    LingeringClose lingeringClose() {
        return new LingeringClose();
    }

    @Bean
    ApiErrorHandler apiErrorHandler(CallRecorder recorder) {
        return new ApiErrorHandler(recorder);
    }

    @Bean
    RenderErrorFilter renderErrorFilter() {
        return new RenderErrorFilter();
    }
}
