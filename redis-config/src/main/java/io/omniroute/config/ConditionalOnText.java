package io.omniroute.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where a setting says something, or nothing: one that is there and blank, as variables often are, says nothing. The value is no
 * part of an expression, whatever characters it has.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnText.OnText.class)
public @interface ConditionalOnText {

    /** The setting's name. */
    String value();

    /** Whether it must say nothing instead. */
    boolean missing() default false;

    /** Looks at the setting. */
    final class OnText implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Map<String, Object> wanted =
                    Objects.requireNonNull(metadata.getAnnotationAttributes(ConditionalOnText.class.getName()));
            String said = context.getEnvironment().getProperty(String.valueOf(wanted.get("value")), "");
            return said.isBlank() == Boolean.TRUE.equals(wanted.get("missing"));
        }
    }
}
