package io.pantograph.api.codec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Requirement;

/**
 * Says that a bundle makes no sense without a codec for this format; whoever assembles a box then gets one along. In the running framework it
 * binds the bundle to no codec, so that one can be exchanged for another without a restart of those who use it.
 */
@Requirement(namespace = "pantograph.codec", filter = "(codec=${#value})", effective = "active")
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface RequireCodec {

    /** The format's name. */
    String value();
}
