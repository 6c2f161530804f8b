package io.pantograph.deploy.stock;

import io.pantograph.api.codec.Codec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Holds one codec for as long as it lives, as nobody should. */
@Component(service = StaticUser.class, immediate = true)
public final class StaticUser {

    @Activate
    public StaticUser(@Reference Codec codec) {
        codec.hashCode();
    }
}
