package io.pantograph.codecs;

import io.pantograph.api.model.Provenance;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/**
 * Where a codec comes from, and so which of two is the better one: that with the higher ranking, which is the operator's word;
 * then that of the newer bundle; then the one that came last.
 *
 * @param id of the bundle in the framework
 * @param sha256 of the bundle's jar, or empty
 */
record Origin(long id, String bundle, Version version, String sha256, int ranking, long service) implements Comparable<Origin> {

    private static final Comparator<Origin> BETTER = Comparator.comparingInt(Origin::ranking)
            .thenComparing(Origin::version)
            .thenComparingLong(Origin::service);

    // No bundle can tell its bytes; who installs one under the name of its hash has told them.
    private static final Pattern HASHED = Pattern.compile(".*#([0-9a-f]{64})");

    /** @param hashed whether the bundle's location still speaks of the bytes that are in it */
    static Origin of(Bundle bundle, ServiceReference<?> service, boolean hashed) {
        int ranking = service.getProperty(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        String name = bundle.getSymbolicName() == null ? "bundle-" + bundle.getBundleId() : bundle.getSymbolicName();
        return new Origin(bundle.getBundleId(), name, bundle.getVersion(), hashed ? hash(bundle.getLocation()) : "", ranking,
                (Long) service.getProperty(Constants.SERVICE_ID));
    }

    static String hash(String location) {
        Matcher hashed = HASHED.matcher(location);
        return hashed.matches() ? hashed.group(1) : "";
    }

    Provenance provenance() {
        return new Provenance(bundle, version.toString(), sha256);
    }

    @Override
    public int compareTo(Origin other) {
        return BETTER.compare(this, other);
    }

    @Override
    public String toString() {
        return bundle + ' ' + version;
    }
}
