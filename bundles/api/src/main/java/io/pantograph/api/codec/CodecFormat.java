package io.pantograph.api.codec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Names the format that a {@link Codec} component reads and writes. It becomes the service property
 * {@code pantograph.codec.format} and the bundle's capability {@code pantograph.codec;codec=...}, so that the format is
 * known before a class is loaded. It stays in the class, so that tests know which vectors are meant.
 */
@ComponentPropertyType
@Capability(namespace = "pantograph.codec")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface CodecFormat {

    String PREFIX_ = "pantograph.codec.";

    /** The format's name as it stands in topics, see {@link io.pantograph.api.model.Names}. */
    @Attribute("codec")
    String format();
}
