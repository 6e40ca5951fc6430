package io.omniroute.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.config.CatalogProperties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** No part's settings are forgotten by the check before the start. */
class SettingsCheckTests {

    @Test
    void looksAtTheSettingsOfAllParts() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        assertThat(scanner.findCandidateComponents("io.omniroute"))
                .extracting(BeanDefinition::getBeanClassName)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(ConfigurationCheck.BLOCKS.read().stream(), Stream.of(CatalogProperties.class))
                                .map(Class::getName)
                                .toList());
    }
}
