package io.pantograph.api.dialect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** The name by which settings choose a {@link Dialect}: service property {@code pantograph.dialect.name}. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface DialectName {

    String PREFIX_ = "pantograph.dialect.";

    String name();
}
