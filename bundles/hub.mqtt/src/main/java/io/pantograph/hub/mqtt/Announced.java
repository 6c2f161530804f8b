package io.pantograph.hub.mqtt;

import io.pantograph.api.hub.HubRules;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;

/** Bundles that say of themselves that they offer rules of a cloud. At a start, and while one of them is exchanged, they may be late. */
final class Announced {

    private static final String SERVICE = HubRules.class.getName();

    private final BundleContext context;

    Announced(BundleContext context) {
        this.context = context;
    }

    /** Whether there is one that does not offer its rules now. */
    boolean missing() {
        try {
            for (Bundle bundle : context.getBundles()) {
                if (announces(bundle) && !offers(bundle)) {
                    return true;
                }
            }
            return false;
        } catch (IllegalStateException stopping) {
            return false;
        }
    }

    private static boolean announces(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && revision.getDeclaredCapabilities("osgi.service").stream()
                .anyMatch(offer -> String.valueOf(offer.getAttributes().get(Constants.OBJECTCLASS)).contains(SERVICE));
    }

    private static boolean offers(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        if (services != null) {
            for (ServiceReference<?> service : services) {
                for (String type : (String[]) service.getProperty(Constants.OBJECTCLASS)) {
                    if (type.equals(SERVICE)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
