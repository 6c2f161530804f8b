package io.pantograph.codecs;

import java.util.Comparator;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/**
 * Where a codec comes from, and so which of two is the better one: that with the higher ranking, which is the operator's word;
 * then that of the newer bundle; then the one that came last.
 */
record Origin(String bundle, Version version, int ranking, long service) implements Comparable<Origin> {

    private static final Comparator<Origin> BETTER = Comparator.comparingInt(Origin::ranking)
            .thenComparing(Origin::version)
            .thenComparingLong(Origin::service);

    static Origin of(Bundle bundle, ServiceReference<?> service) {
        int ranking = service.getProperty(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        return new Origin(bundle.getSymbolicName(), bundle.getVersion(), ranking, (Long) service.getProperty(Constants.SERVICE_ID));
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
