package io.pantograph.testkit;

import io.pantograph.api.model.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * A framework in the test's own JVM, with just the bundles that a room's test puts into it. The contracts, slf4j and the interfaces of
 * ConfigAdmin come from the test's class path, so that the test calls services as a bundle would.
 *
 * <p>Bundles are the finished jars, so such tests run after packaging: their module sets {@code test.phase} to {@code integration-test}.
 */
public final class TestFramework implements AutoCloseable {

    private static final String FOREIGN = "org.slf4j;version=2.0.16,org.slf4j.spi;version=2.0.16,org.slf4j.event;version=2.0.16,"
            + "org.slf4j.helpers;version=2.0.16,org.osgi.service.cm;version=1.6.1";

    private final Framework framework;

    private TestFramework(Framework framework) {
        this.framework = framework;
    }

    /** Starts one with no bundles. @param storage where it keeps them; what is there from another start is kept or not */
    public static TestFramework start(Path storage, boolean clean) throws BundleException, IOException {
        return start(storage, clean, Map.of());
    }

    /** @param more properties of the framework; {@code org.osgi.framework.system.packages.extra} is added to what comes from the class path anyway */
    public static TestFramework start(Path storage, boolean clean, Map<String, String> more) throws BundleException, IOException {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        configuration.put("felix.log.level", "1");
        configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE); // as the boxes have it
        String extra = more.get(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA);
        configuration.putAll(more);
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, contracts() + ',' + FOREIGN + (extra == null ? "" : ',' + extra));
        if (clean) {
            configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        }
        // No folder is watched unless somebody says so.
        configuration.put("felix.fileinstall.dir", ",");
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst()
                .orElseThrow(() -> new IllegalStateException("no OSGi framework on the class path"))
                .newFramework(configuration);
        framework.start();
        return new TestFramework(framework);
    }

    private static String contracts() throws IOException {
        Path file = jarOf(Content.class);
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
        } catch (IOException e) {
            throw new IOException("the contracts must be a jar, not " + file + "; run the test after packaging", e);
        }
    }

    /** The file on the test's class path that holds this class. */
    public static Path jarOf(Class<?> type) {
        return Path.of(java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /** The jar that this module has just packaged. @param target the module's folder {@code target} */
    public static Path packaged(Path target, String artifact) throws IOException {
        try (var files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(artifact.replace(".", "\\.") + "-\\d.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no jar of " + artifact + " in " + target + "; run the test after packaging"));
        }
    }

    /** Installs all, then starts all. */
    public List<Bundle> add(Path... jars) throws BundleException, IOException {
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars) {
            try (InputStream in = Files.newInputStream(jar)) {
                bundles.add(context().installBundle("test:" + jar.getFileName(), in));
            }
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
        return bundles;
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** A service, waited for. */
    public <T> T service(Class<T> type) {
        Await.until("a service " + type.getName(), () -> context().getServiceReference(type) != null);
        ServiceReference<T> reference = context().getServiceReference(type);
        return context().getService(reference);
    }

    /** Stops it. */
    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
