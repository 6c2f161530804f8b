package io.pantograph.api.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * For which commands and devices a {@link CommandHandler} is there: service properties {@code pantograph.command},
 * {@code pantograph.device.type} and {@code pantograph.device.name}.
 *
 * <p>{@code *} stands for any. The most exact handler gets the command: first by command, then by device name, then by device
 * type; among equals the one with the higher {@code service.ranking}, then the older service.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface HandlesCommand {

    String PREFIX_ = "pantograph.";

    String[] command() default "*";

    String device_type() default "*";

    String device_name() default "*";
}
