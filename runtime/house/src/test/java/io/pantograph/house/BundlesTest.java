package io.pantograph.house;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.house.House.Built;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house, read from the built bundles. */
class BundlesTest {

    /** Bundles that others may import. */
    private static final Set<String> OPEN = Set.of("api", "testkit");

    /** Packages that a bundle carries as a copy of its own, so that it can be exchanged alone. */
    private static final Set<String> COPIED = Set.of("io.pantograph.json", "io.pantograph.azure", "io.pantograph.handlers", "io.pantograph.proof");

    /** The bundle that carries a library, the broker, because the library is no bundle itself. */
    private static final String CARRIER = "hub.mqtt";

    /** What every room may use: the platform, the framework, and a logger. */
    private static final List<String> EVERYBODYS = List.of("java.", "javax.", "org.osgi.", "org.slf4j", "io.pantograph.api.");

    /** The owners of foreign libraries. Whoever is not here has to ask an owner through a contract. */
    private static final Map<String, Set<String>> OWNERS = Map.ofEntries(
            Map.entry("org.eclipse.paho", Set.of("transport.paho")),
            Map.entry("com.fasterxml.jackson", Set.of("json", "boot", "codec.json", "codec.iotf", "service", "hub", "gateway.rest", "proof", "testkit", "deploy")),
            Map.entry("org.apache.felix.fileinstall", Set.of("deploy")),
            Map.entry("org.sqlite", Set.of("outbox", "hub")),
            Map.entry("com.hivemq", Set.of("hub.mqtt")),
            Map.entry("io.netty", Set.of("hub.mqtt", "hub.http")),
            Map.entry("sun.misc", Set.of(CARRIER)),
            Map.entry("jakarta.servlet", Set.of("hub.http")),
            Map.entry("com.sun.net.httpserver", Set.of("gateway.rest")),
            Map.entry("com.sun.management", Set.of("codecs")),
            Map.entry("org.bouncycastle", Set.of("hub")),
            Map.entry("org.junit", Set.of("testkit")));

    static Stream<Built> bundles() {
        return House.bundles("bundles").stream();
    }

    static Stream<Built> samples() {
        return House.bundles("samples").stream();
    }

    @Test
    void thereAreAllRooms() {
        assertTrue(bundles().count() >= 16, "only " + bundles().collect(toList()));
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void oneNameForFolderArtifactBundleAndPackage(Built bundle) {
        String name = "io.pantograph." + bundle.name();
        assertEquals(Set.of(name), bundle.clauses("Bundle-SymbolicName").keySet());
        assertEquals(List.of(), bundle.packages().stream()
                .filter(one -> bundle.name().equals("api") ? !one.startsWith(name + ".") : !one.equals(name))
                .filter(one -> !COPIED.contains(one))
                .filter(one -> one.startsWith("io.pantograph.") || !CARRIER.equals(bundle.name())).collect(toList()));
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void onlyContractsAreExported(Built bundle) {
        assertEquals(OPEN.contains(bundle.name()), !bundle.clauses("Export-Package").isEmpty(), bundle.headers().get("Export-Package"));
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void noRoomImportsARoom(Built bundle) {
        assertEquals(List.of(), imports(bundle).filter(one -> one.startsWith("io.pantograph.") && !one.startsWith("io.pantograph.api."))
                .collect(toList()));
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void aForeignLibraryHasOneOwner(Built bundle) {
        assertEquals(List.of(), imports(bundle)
                .filter(one -> EVERYBODYS.stream().noneMatch(one::startsWith))
                .filter(one -> OWNERS.entrySet().stream()
                        .noneMatch(library -> one.startsWith(library.getKey()) && library.getValue().contains(bundle.name())))
                .collect(toList()));
    }

    // Each of these ties a bundle to more than the packages that it says it needs, and then it cannot be exchanged.
    @ParameterizedTest
    @MethodSource("bundles")
    void nothingIsReachedBehindTheFramework(Built bundle) {
        assertEquals(Map.of(), bundle.clauses("Require-Bundle"));
        assertEquals(Map.of(), bundle.clauses("Fragment-Host"));
        assertEquals(Map.of(), bundle.clauses("DynamicImport-Package"));
        assertEquals(List.of(), bundle.entries().stream().filter(entry -> entry.endsWith(".jar")).collect(toList()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleNeedsContractsOnly(Built sample) {
        assertEquals(Set.of("io.pantograph.samples." + sample.name()), sample.clauses("Bundle-SymbolicName").keySet());
        assertEquals(Map.of(), sample.clauses("Export-Package"));
        assertEquals(List.of(), imports(sample).filter(one -> EVERYBODYS.stream().noneMatch(one::startsWith)).collect(toList()));
        assertEquals(List.of("io.pantograph.samples." + sample.name()), sample.packages());
    }

    private static Stream<String> imports(Built bundle) {
        return bundle.clauses("Import-Package").keySet().stream();
    }
}
