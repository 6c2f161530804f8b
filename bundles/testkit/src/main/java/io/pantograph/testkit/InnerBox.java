package io.pantograph.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * The bundles of one of the product's executable jars, run in the test's own JVM, so that a test or a benchmark can call the
 * gateway as a bundle would. The contracts come from the test's class path; everything else is what the jar holds.
 *
 * <p>Settings are system properties, of which a JVM has one set: only one at a time.
 */
public final class InnerBox implements AutoCloseable {

    private static final String CONTRACTS = "io.pantograph.api";

    private final Framework framework;
    private final List<String> settings;

    private InnerBox(Framework framework, List<String> settings) {
        this.framework = framework;
        this.settings = settings;
    }

    /** Starts the box's bundles and returns when all are started; services may come a little later. */
    public static InnerBox start(Path jar, Path home, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("pantograph.home", home.toString());
        all.forEach(System::setProperty);
        Files.createDirectories(home.resolve("conf"));
        Path work = Files.createDirectories(home.resolveSibling(home.getFileName() + "-inner"));
        List<Path> bundles = new ArrayList<>();
        String contracts = "";
        Map<String, String> configuration = new HashMap<>();
        try (JarFile box = new JarFile(jar.toFile())) {
            Properties launcher = new Properties();
            try (InputStream in = box.getInputStream(box.getEntry("launcher.properties"))) {
                launcher.load(in);
            }
            launcher.forEach((key, value) -> {
                if (!key.toString().startsWith("launch.")) {
                    configuration.put(key.toString(), value.toString());
                }
            });
            for (String name : launcher.getProperty("launch.bundles").split(",")) {
                Path bundle = extract(box, box.getEntry(name.trim()), work);
                Manifest manifest = manifest(bundle);
                if (manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME).startsWith(CONTRACTS)) {
                    contracts = manifest.getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
                } else {
                    bundles.add(bundle);
                }
            }
        }
        configuration.put(Constants.FRAMEWORK_STORAGE, work.resolve("framework").toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, contracts);
        configuration.put("felix.log.level", "1");
        configuration.remove(Constants.FRAMEWORK_BEGINNING_STARTLEVEL); // all are started here, in the order of the list
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst()
                .orElseThrow(() -> new IllegalStateException("no OSGi framework on the class path"))
                .newFramework(configuration);
        framework.start();
        InnerBox inner = new InnerBox(framework, List.copyOf(all.keySet()));
        inner.install(bundles);
        return inner;
    }

    private void install(List<Path> files) throws BundleException, IOException {
        List<Bundle> installed = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                installed.add(context().installBundle("box:" + file.getFileName(), in));
            }
        }
        for (Bundle bundle : installed) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    private static Path extract(JarFile box, ZipEntry entry, Path work) throws IOException {
        Path file = work.resolve(Path.of(entry.getName()).getFileName().toString());
        try (InputStream in = box.getInputStream(entry)) {
            Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private static Manifest manifest(Path bundle) {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            return jar.getManifest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** A service, waited for. @throws IllegalStateException if it does not come within 30 s */
    public <T> T service(Class<T> type) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < end) {
            var reference = context().getServiceReference(type);
            T service = reference == null ? null : context().getService(reference);
            if (service != null) {
                return service;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new IllegalStateException("no service " + type.getName() + " within 30 s; bundles: " + bundles());
    }

    /** The bundle of this name. */
    public Bundle bundle(String symbolicName) {
        for (Bundle bundle : context().getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new IllegalArgumentException("no bundle " + symbolicName + "; there are " + bundles());
    }

    private List<String> bundles() {
        List<String> names = new ArrayList<>();
        for (Bundle bundle : context().getBundles()) {
            names.add(bundle.getSymbolicName() + ':' + bundle.getState());
        }
        return names;
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
        settings.forEach(System::clearProperty);
    }
}
