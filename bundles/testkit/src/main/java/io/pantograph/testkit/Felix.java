package io.pantograph.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * A small framework inside a test, with component runtime, for a room and fakes of the others: deploy the room as it is packaged,
 * use it, remove it, deploy it again. The contracts and slf4j come from the test's class path, so that test and bundles share them.
 *
 * <p>The module needs {@code org.apache.felix.scr}, {@code org.osgi.util.promise} and {@code org.osgi.util.function} in test scope,
 * and its tests must run in the phase {@code integration-test}, when its jar is there.
 */
public final class Felix implements AutoCloseable {

    private static final List<String> SHARED = List.of("api-", "slf4j-api-", "org.osgi.service.component-", "org.osgi.util.promise-",
            "org.osgi.util.function-", "org.osgi.service.cm-");

    private final Framework framework;

    private Felix(Framework framework) {
        this.framework = framework;
    }

    /** @param storage an empty folder for its bundles */
    public static Felix start(Path storage) throws BundleException, IOException {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, shared());
        configuration.put("felix.log.level", "1");
        configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE); // as the boxes have it
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst()
                .orElseThrow(() -> new IllegalStateException("no OSGi framework on the class path"))
                .newFramework(configuration);
        framework.start();
        Felix felix = new Felix(framework);
        felix.library("org.apache.felix.scr-").start();
        return felix;
    }

    private static String shared() throws IOException {
        List<String> packages = new ArrayList<>();
        for (Path jar : classPath()) {
            String file = jar.getFileName().toString();
            if (SHARED.stream().anyMatch(start -> file.matches(Pattern.quote(start) + "[0-9].*"))) {
                try (JarFile library = new JarFile(jar.toFile())) {
                    packages.add(library.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE));
                }
            }
        }
        return String.join(",", packages);
    }

    private static List<Path> classPath() {
        // Surefire may hide the entries behind a jar that only names them.
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator)).filter(entry -> entry.endsWith(".jar")).map(Path::of)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** Installs, but does not start, a library of the test's class path, named by how its file name begins. */
    public Bundle library(String fileNameStart) throws BundleException, IOException {
        Path jar = classPath().stream().filter(entry -> entry.getFileName().toString().startsWith(fileNameStart)).findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + fileNameStart + "*.jar on the test's class path"));
        return install(jar);
    }

    /** Installs, but does not start, this module's own jar. */
    public Bundle room(String artifact) throws BundleException, IOException {
        Path target = Path.of(System.getProperty("basedir", "."), "target");
        try (Stream<Path> files = Files.list(target)) {
            return install(files.filter(file -> file.getFileName().toString().matches(Pattern.quote(artifact) + "-[0-9].*\\.jar"))
                    .findFirst().orElseThrow(() -> new IllegalStateException("no jar of " + artifact + " in " + target
                            + "; its tests run in the phase integration-test")));
        }
    }

    private Bundle install(Path jar) throws BundleException {
        return context().installBundle(jar.toUri().toString());
    }

    /** An empty bundle, started: its context is that of an author's bundle. */
    public Bundle author(String symbolicName) throws BundleException, IOException {
        Bundle bundle = author(symbolicName, List.of());
        bundle.start();
        return bundle;
    }

    /**
     * A bundle, not yet started, with these components described in XML and these classes of the test, which need be public and
     * use nothing of the test but each other.
     */
    public Bundle author(String symbolicName, List<String> components, Class<?>... classes) throws BundleException, IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
        main.putValue(Constants.DYNAMICIMPORT_PACKAGE, "*");
        if (!components.isEmpty()) {
            main.putValue("Service-Component", "OSGI-INF/*.xml");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (int i = 0; i < components.size(); i++) {
                put(jar, "OSGI-INF/" + i + ".xml", components.get(i).getBytes(StandardCharsets.UTF_8));
            }
            for (Class<?> one : classes) {
                String file = one.getName().replace('.', '/') + ".class";
                try (InputStream in = one.getClassLoader().getResourceAsStream(file)) {
                    put(jar, file, in.readAllBytes());
                }
            }
        }
        return context().installBundle("author:" + symbolicName, new ByteArrayInputStream(bytes.toByteArray()));
    }

    private static void put(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    /** A service as seen by the system bundle, waited for. */
    public <T> T service(Class<T> type) {
        return service(context(), type);
    }

    /** A service as seen by this bundle, waited for. */
    public static <T> T service(BundleContext seenBy, Class<T> type) {
        Await.until("service " + type.getName(), () -> seenBy.getServiceReference(type) != null);
        ServiceReference<T> reference = seenBy.getServiceReference(type);
        return seenBy.getService(reference);
    }

    @Override
    public void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(30_000);
    }
}
