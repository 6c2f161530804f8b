package io.pantograph.house;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.house.House.Built;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is, and what must not be, in the boxes. */
class BoxesTest {

    static Stream<Built> boxes() {
        return Stream.of("gateway", "hub", "demo").map(BoxesTest::box);
    }

    private static Built box(String name) {
        return new Built(name, House.ROOT.resolve("runtime/target/pantograph-" + name + ".jar"));
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void aBoxStartsWithOurMainAndBringsItsLicence(Built box) {
        assertEquals("io.pantograph.boot.Main", box.headers().get("Main-Class"));
        assertTrue(box.entries().containsAll(List.of("META-INF/LICENSE", "META-INF/NOTICE", "logback.xml",
                "io/pantograph/boot/Main.class")), box.entries().toString());
    }

    // A shell that answers from elsewhere, or a console with a known password, is a door for everybody.
    @Test
    void theCommandLineIsPlainAndBringsItsLicences() {
        Built cli = box("cli");
        assertEquals("io.pantograph.cli.Main", cli.headers().get("Main-Class"));
        assertTrue(cli.entries().containsAll(List.of("META-INF/LICENSE", "META-INF/NOTICE", "META-INF/jackson-core/LICENSE")), cli.entries().toString());
        assertEquals(List.of(), cli.packages().stream().filter(one -> !one.startsWith("io.pantograph.") && !one.startsWith("picocli")
                && !one.startsWith("com.fasterxml.jackson.core")).collect(toList()));
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void aBoxHasNoDoorForStrangers(Built box) {
        assertEquals(List.of(), jars(box).filter(jar -> jar.matches("(?i).*(gogo|shell|webconsole|telnet|ssh|jolokia).*")).collect(toList()));
    }

    // They lie aside: nothing reads a terminal unless the operator asks for it.
    @ParameterizedTest
    @MethodSource("boxes")
    void theShellLiesAsideInTheBoxesOfGateways(Built box) throws Exception {
        List<String> aside = box.entries().stream().filter(entry -> entry.startsWith("shell/") && entry.endsWith(".jar")).sorted().collect(toList());
        assertEquals(box.name().equals("hub") ? List.of() : List.of("shell/org.apache.felix.gogo.command.jar", "shell/org.apache.felix.gogo.runtime.jar",
                "shell/org.apache.felix.gogo.shell.jar", "shell/shell.jar"), aside);
        assertTrue(Files.readString(House.ROOT.resolve("NOTICE")).contains("org.apache.felix.gogo"));
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void theNoticeNamesAllThatIsInside(Built box) throws Exception {
        String notice = Files.readString(House.ROOT.resolve("NOTICE"));
        assertEquals(List.of(), jars(box).filter(jar -> !ours(jar)).map(jar -> jar.replaceFirst("-[0-9][^-]*\\.jar$", ""))
                .filter(artifact -> !notice.contains(artifact)).collect(toList()));
    }

    // The broker's classes lie flat in our own bundle, so that the jars they came in are seen only where it is built.
    @Test
    void theNoticeNamesAllThatTheBrokerBrings() throws Exception {
        String notice = Files.readString(House.ROOT.resolve("NOTICE"));
        String bnd = Files.readString(House.ROOT.resolve("bundles/hub.mqtt/bnd.bnd")).replaceAll("\\\\\\R\\s*", "");
        Matcher libraries = Pattern.compile("(?m)^libs: (.*)$").matcher(bnd);
        assertTrue(libraries.find(), bnd);
        assertEquals(List.of(), Stream.of(libraries.group(1).trim().split("\\s*,\\s*")).map(library -> library.replaceFirst("-[0-9]+$", ""))
                .filter(library -> !notice.contains(library)).collect(toList()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub", "hub.mqtt", "hub.http"})
    void theGatewayCarriesNoHub(String room) {
        assertEquals(List.of(), jars(box("gateway")).filter(jar -> jar.startsWith(room + "-")).collect(toList()));
    }

    // It is dropped in while the demo runs; that is what it shows.
    @Test
    void theDemoDoesNotHaveTheCodecThatIsDroppedIn() {
        assertEquals(List.of(), jars(box("demo")).filter(jar -> jar.startsWith("codec.custom")).collect(toList()));
    }

    private static boolean ours(String jar) {
        return Stream.concat(House.folders(House.ROOT.resolve("bundles")).stream(), House.folders(House.ROOT.resolve("samples")).stream())
                .anyMatch(folder -> jar.startsWith(folder.getFileName() + "-0"));
    }

    private static Stream<String> jars(Built box) {
        List<String> jars = box.entries().stream().filter(entry -> entry.startsWith("jar/") && entry.endsWith(".jar"))
                .map(entry -> entry.substring(4)).collect(toList());
        assertTrue(jars.size() > 15, jars.toString());
        return jars.stream();
    }
}
