package io.pantograph.deploy;

import io.pantograph.api.codec.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Puts jars into the framework and takes them out. A bundle counts as placed when it runs and the codecs that it promises are there and
 * can be had: a framework starts a bundle gladly whose component then fails in its constructor.
 */
final class Placement {

    private static final String LOCATION = "drop:";
    private static final String CAPABILITY = "pantograph.codec";
    private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([\\w.]+)");

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BundleContext context;
    private final Bundle self;
    private final Bundle box;

    Placement(BundleContext context) {
        this.context = context;
        self = context.getBundle();
        box = context.getBundle(0);
    }

    /** The bundle of this file; null if it has none. */
    Bundle of(String file) {
        return context.getBundle(LOCATION + file);
    }

    /** The files that have a bundle, which a kept framework storage may remember from another run. */
    List<String> files() {
        return Arrays.stream(context.getBundles()).map(Bundle::getLocation)
                .filter(location -> location.startsWith(LOCATION))
                .map(location -> location.substring(LOCATION.length())).toList();
    }

    /** Whether the box, or we alone, are on the way out, so that whatever fails now says nothing about a jar. */
    boolean stopping() {
        return self.getState() == Bundle.STOPPING || self.getState() == Bundle.RESOLVED || box.getState() == Bundle.STOPPING;
    }

    /** Installs and starts; if that fails, nothing has happened. */
    Bundle install(String file, Path jar, Facts facts) throws Objection, IOException {
        unique(file, facts);
        Bundle bundle;
        try (InputStream in = Files.newInputStream(jar)) {
            bundle = context.installBundle(LOCATION + file, in);
        } catch (BundleException e) {
            throw new Objection("cannot be installed: " + e.getMessage(), e);
        }
        try {
            start(bundle);
            return bundle;
        } catch (Objection e) {
            remove(bundle);
            throw e;
        }
    }

    /** Updates in place and starts; if that fails, what it was is put back. */
    void update(String file, Bundle bundle, Path jar, Facts facts, Path before) throws Objection, IOException {
        unique(file, facts);
        try {
            replace(bundle, jar);
        } catch (Objection e) {
            if (Files.exists(before)) {
                replace(bundle, before);
            }
            throw e;
        }
    }

    private void replace(Bundle bundle, Path jar) throws Objection, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        } catch (BundleException e) {
            throw new Objection("cannot be installed: " + words(e), e);
        }
        start(bundle);
    }

    private void start(Bundle bundle) throws Objection {
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            throw new Objection("does not start: " + words(e), e);
        }
        for (String format : formats(bundle)) {
            obtain(bundle, format);
        }
    }

    void remove(Bundle bundle) throws Objection {
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new Objection("cannot be taken out: " + e.getMessage(), e);
        }
    }

    /** The formats that its codecs read and write, as it says itself. */
    static Set<String> formats(Bundle bundle) {
        List<BundleCapability> promised = bundle.adapt(BundleRevision.class).getDeclaredCapabilities(CAPABILITY);
        return promised.stream().map(capability -> String.valueOf(capability.getAttributes().get("codec")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void unique(String file, Facts facts) throws Objection {
        for (Bundle other : context.getBundles()) {
            if (facts.name().equals(other.getSymbolicName()) && facts.version().equals(other.getVersion())
                    && !other.getLocation().equals(LOCATION + file)) {
                throw new Objection("holds " + facts.name() + ' ' + facts.version() + ", which is there already"
                        + (other.getLocation().startsWith(LOCATION) ? " from " + other.getLocation().substring(LOCATION.length()) : "")
                        + "; give it another Bundle-Version");
            }
        }
    }

    // Usually it is there when the start returns; what it references may come a little later.
    private void obtain(Bundle bundle, String format) throws Objection {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!obtained(bundle, format)) {
            if (System.nanoTime() - end > 0) {
                throw new Objection("promises a codec for '" + format + "' but registers none; its class must be public, "
                        + "with @Component and @CodecFormat, and what it references must be there");
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Objection("was given up in the middle of its start", e);
            }
        }
    }

    private boolean obtained(Bundle bundle, String format) throws Objection {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            if (format.equals(service.getProperty("pantograph.codec.format"))
                    && service.isAssignableTo(context.getBundle(), Codec.class.getName())) {
                if (context.getService(service) == null) {
                    throw new Objection("has a codec for '" + format + "' that cannot be made; the log says what its constructor threw");
                }
                context.ungetService(service);
                return true;
            }
        }
        return false;
    }

    /** What a missing import is called by the framework takes three lines. */
    private static String words(BundleException e) {
        Matcher missing = PACKAGE.matcher(String.valueOf(e.getMessage()));
        String last = null;
        while (missing.find()) {
            last = missing.group(1);
        }
        if (last != null) {
            return "it needs the package " + last + ", which no installed bundle exports";
        }
        return e.getCause() == null ? e.getMessage() : e.getMessage() + " (" + e.getCause() + ')';
    }
}
