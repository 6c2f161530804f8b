package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.hub.mqtt.TestHub.Guest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The bundle as it is packaged, alone in Felix with component runtime: HiveMQ must find everything inside it. */
class InFrameworkTest {

    private static final String SHARED = "io.pantograph.api.core;version=1.0,io.pantograph.api.hub;version=1.0,io.pantograph.api.model;version=1.0,"
            + "io.pantograph.api.listener;version=1.0,io.pantograph.api.device;version=1.0,io.pantograph.api.wire;version=1.0,"
            + "org.slf4j;version=2.0,org.slf4j.spi;version=2.0,org.slf4j.helpers;version=2.0,org.slf4j.event;version=2.0,"
            + "org.osgi.service.component;version=1.5,org.osgi.service.component.runtime;version=1.5,org.osgi.service.component.runtime.dto;version=1.5,"
            + "org.osgi.util.promise;version=1.3,org.osgi.util.function;version=1.2";

    @TempDir
    Path folder;
    private Framework framework;
    private BundleContext context;

    @BeforeEach
    void start() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(
                Constants.FRAMEWORK_STORAGE, folder.resolve("bundles").toString(), Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED));
        framework.start();
        context = framework.getBundleContext();
        install(Path.of(Class.forName("org.apache.felix.scr.info.ScrInfo").getProtectionDomain().getCodeSource().getLocation().toURI()));
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(30_000);
    }

    private Bundle install(Path jar) throws Exception {
        Bundle bundle = context.installBundle(jar.toUri().toString());
        bundle.start();
        return bundle;
    }

    private static Path packaged() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("basedir", "."), "target"))) {
            return files.filter(file -> file.getFileName().toString().matches("hub\\.mqtt-.*\\.jar")).findFirst().orElseThrow();
        }
    }

    private <S> S await(Class<S> service) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < end) {
            // all: to the framework's own context Felix shows no service whose object it has not seen yet
            ServiceReference<?>[] found = context.getAllServiceReferences(service.getName(), null);
            if (found != null) {
                return service.cast(context.getService(found[0]));
            }
            Thread.sleep(10);
        }
        throw new AssertionError(service + " did not come");
    }

    private static Guest guest(HubEndpoints at, String id) throws Exception {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName("user");
        options.setPassword("secret".toCharArray());
        options.setCleanSession(false);
        return new Guest(id, "tcp://127.0.0.1:" + at.mqtt(), options);
    }

    @Test
    void servesClientsStopsAndServesThemAgain() throws Exception {
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        FakeRules rules = new FakeRules();
        context.registerService(Settings.class, TestHub.settings(folder), null);
        context.registerService(HubRules.class, rules, null);
        Bundle bundle = install(packaged());
        assertNull(context.getServiceReference(HubEndpoints.class), "without an HTTP server the hub is not all there");
        ServiceRegistration<HttpBackend> http = context.registerService(HttpBackend.class, () -> 1, null);

        HubEndpoints at = await(HubEndpoints.class);
        try (Guest device = guest(at, "d:one")) {
            device.client.subscribe("cmd/#", 1);
            await(HubTransport.class).route("dev/one/cmd/go", Bytes.utf8("1"), Qos.AT_LEAST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertEquals("1", device.hear().text());
        }
        try (Guest device = guest(at, "d:one")) {
            bundle.stop();
            assertTrue(device.lost());
            assertEquals(Departure.Cause.CLIENT, rules.left("d:one").departure().cause());
            assertEquals(Departure.Cause.SHUTDOWN, rules.left("d:one").departure().cause());
        }
        assertNull(context.getServiceReference(HubEndpoints.class));
        assertEquals(Set.of(), threadsLeft());

        bundle.start();
        HubEndpoints again = await(HubEndpoints.class);
        await(HubTransport.class).route("dev/one/cmd/go", Bytes.utf8("2"), Qos.AT_LEAST_ONCE).toCompletableFuture().get(10, TimeUnit.SECONDS);
        try (Guest device = guest(again, "d:one")) {
            assertEquals("2", device.hear().text());
        }
        http.unregister();
        bundle.stop();
        assertEquals(Set.of(), threadsLeft());
        assertEquals(handler, Thread.getDefaultUncaughtExceptionHandler(), "the JVM is not HiveMQ's own");
    }

    // The other cloud's rules come later than those that claim everything, here as at any start of the hub.
    @Test
    void letsLoginsWaitForRulesThatABundleAnnounces() throws Exception {
        Path jar = folder.resolve("announces.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, "announces");
        manifest.getMainAttributes().putValue(Constants.IMPORT_PACKAGE, "io.pantograph.api.hub");
        manifest.getMainAttributes().putValue(Constants.PROVIDE_CAPABILITY,
                "osgi.service;objectClass:List<String>=\"io.pantograph.api.hub.HubRules\"");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        Bundle announcing = context.installBundle(jar.toUri().toString());
        FakeRules greedy = new FakeRules();
        OtherRules rules = new OtherRules();
        context.registerService(Settings.class, TestHub.settings(folder), null);
        context.registerService(HubRules.class, greedy, FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, -100)));
        context.registerService(HttpBackend.class, () -> 1, null);
        install(packaged());
        HubEndpoints at = await(HubEndpoints.class);
        try (Wire wire = new Wire(at.mqtt()).say(Wire.connectPacket("x:early"))) {
            assertNull(greedy.attempts.poll(300, TimeUnit.MILLISECONDS), "it was asked too early");
            announcing.start();
            ServiceRegistration<HubRules> registered = announcing.getBundleContext().registerService(HubRules.class, rules, null);
            assertEquals(0, wire.hear(4)[3]);
            registered.unregister();
            assertEquals(Departure.Cause.SHUTDOWN, rules.departures.poll().cause());
            wire.hearTheEnd();
        }
    }

    /** Threads of the bundle; a moment is given to those that were just told to end. */
    private static Set<String> threadsLeft() throws InterruptedException {
        Set<String> left = Set.of();
        for (int i = 0; i < 500; i++) {
            left = Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                    .filter(name -> name.matches("(?i)(hivemq|hub-|exodus|threadJob|extension|managed|single-writer|payload|persistence|globalEvent|pool-).*"))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (left.isEmpty()) {
                break;
            }
            Thread.sleep(10);
        }
        return left;
    }
}
