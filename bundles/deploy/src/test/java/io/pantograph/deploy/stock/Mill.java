package io.pantograph.deploy.stock;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** A program that cannot be there twice. */
@Component(service = {}, immediate = true)
public final class Mill {

    private static final String TURNING = "stock.mill";

    @Activate
    public Mill(BundleContext context) {
        if (context.getBundle().getHeaders("").get("Fault") != null) {
            throw new IllegalStateException("this mill cannot be built");
        }
        if (System.getProperties().putIfAbsent(TURNING, context.getBundle().getVersion().toString()) != null) {
            throw new IllegalStateException("another mill turns here");
        }
    }

    @Deactivate
    void close() {
        System.clearProperty(TURNING);
    }
}
