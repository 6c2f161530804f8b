package io.pantograph.api.twin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * For which properties, components and devices a {@link DesiredHandler} is there: service properties {@code pantograph.property},
 * {@code pantograph.component}, {@code pantograph.device.type} and {@code pantograph.device.name}.
 *
 * <p>{@code *} stands for any, and for a component also for none; an empty component stands for none only. The most exact handler
 * gets the value: first by property, then component, device name, device type; among equals the one with the higher
 * {@code service.ranking}, then the older service.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface HandlesDesired {

    String PREFIX_ = "pantograph.";

    String[] property() default "*";

    String[] component() default "*";

    String[] device_type() default "*";

    String[] device_name() default "*";
}
