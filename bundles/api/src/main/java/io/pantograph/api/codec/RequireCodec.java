package io.pantograph.api.codec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Requirement;

/** Says that a bundle makes no sense without a codec for this format; the resolver then brings one along. */
@Requirement(namespace = "pantograph.codec", filter = "(codec=${#value})")
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface RequireCodec {

    /** The format's name. */
    String value();
}
