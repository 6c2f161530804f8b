package io.pantograph.codecs;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** The bundles that got other bytes in place: their locations still speak of those from which they were installed. */
final class Rewritten implements SynchronousBundleListener, AutoCloseable {

    private final BundleContext context;
    private final Set<Long> bundles = ConcurrentHashMap.newKeySet();

    Rewritten(BundleContext context) {
        this.context = context;
        context.addBundleListener(this);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        long bundle = event.getBundle().getBundleId();
        if (event.getType() == BundleEvent.UPDATED) {
            bundles.add(bundle);
        } else if (event.getType() == BundleEvent.UNINSTALLED) {
            bundles.remove(bundle);
        }
    }

    boolean is(Bundle bundle) {
        return bundles.contains(bundle.getBundleId());
    }

    @Override
    public void close() {
        context.removeBundleListener(this);
    }
}
