package io.pantograph.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pantograph.api.core.SettingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;

/** The shell that lies in the box, asked for. */
class ConsoleTest {

    @TempDir
    Path storage;
    private Framework framework;
    private final List<String> taken = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.toString()));
        framework.start();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(30_000);
    }

    private InputStream jar(String path) {
        taken.add(path);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, path.replaceAll(".*/|\\.jar", ""));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new JarOutputStream(bytes, manifest).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    void isInstalledAndStartsAsTheLast() throws Exception {
        Console.open(framework.getBundleContext(), this::jar);
        assertEquals(List.of("shell/org.apache.felix.gogo.runtime.jar", "shell/org.apache.felix.gogo.command.jar", "shell/shell.jar",
                "shell/org.apache.felix.gogo.shell.jar"), taken);
        List<Bundle> bundles = Arrays.stream(framework.getBundleContext().getBundles()).filter(bundle -> bundle.getBundleId() > 0).toList();
        assertEquals(4, bundles.size());
        for (Bundle bundle : bundles) {
            assertEquals(6, bundle.adapt(BundleStartLevel.class).getStartLevel(), bundle.toString());
            assertEquals(true, bundle.adapt(BundleStartLevel.class).isPersistentlyStarted(), bundle.toString());
        }
        // The end of the shell, at once where there is no terminal, is not that of the box.
        assertEquals("--noshutdown", System.getProperty("gosh.args"));
    }

    @Test
    void aBoxWithoutOneSaysSo() {
        SettingException wrong = assertThrows(SettingException.class, () -> Console.open(framework.getBundleContext(), path -> null));
        assertEquals("pantograph.shell=true is not for this box, which brings no shell; leave it out; the gateway has one", wrong.getMessage());
        assertEquals(1, framework.getBundleContext().getBundles().length);
    }
}
