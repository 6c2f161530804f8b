package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Version;

class InspectionTest {

    @TempDir
    Path folder;

    private Facts inspect(byte[] jar) throws Exception {
        return Inspection.of(Files.write(folder.resolve("some.jar"), jar));
    }

    @Test
    void takesABundleThatExportsNothing() throws Exception {
        Jars nested = Jars.bundle().entry("a/B.class", new byte[100]);
        Facts facts = inspect(Jars.bundle()
                .header("Bundle-SymbolicName", "some.bundle; singleton:=true").header("Bundle-Version", "1.2.3.x")
                .header("Import-Package", "io.pantograph.api.codec;version=\"[1.0,2)\"").header("Export-Package", "")
                .entry("a/B.class", new byte[2_000_000 / 3]).entry("io/pantograph/api/README", new byte[1])
                .entry("lib/private.jar", nested.bytes()).bytes());
        assertEquals("some.bundle", facts.name());
        assertEquals(Version.parseVersion("1.2.3.x"), facts.version());
        assertEquals(Kind.OTHER, facts.kind());
    }

    static Stream<Arguments> kinds() {
        String gateway = "osgi.service;filter:=\"(objectClass=io.pantograph.api.device.Gateway)\";effective:=active";
        String handler = "osgi.service;objectClass:List<String>=\"io.pantograph.api.command.CommandHandler\"";
        String codec = "osgi.service;objectClass:List<String>=\"io.pantograph.api.codec.Codec\",pantograph.codec;codec=b,pantograph.codec;codec=a";
        return Stream.of(arguments(codec, null, Kind.CODEC, List.of("a", "b")),
                arguments(handler, null, Kind.HANDLER, List.of()),
                arguments(handler, gateway, Kind.PROGRAM, List.of()),
                arguments(null, gateway, Kind.PROGRAM, List.of()),
                arguments(null, gateway + ";resolution:=optional", Kind.OTHER, List.of()),
                arguments("osgi.service;objectClass:List<String>=\"io.pantograph.api.dialect.Dialect\"", null, Kind.OTHER, List.of()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void tellsWhatItIsFor(String provides, String requires, Kind kind, List<String> formats) throws Exception {
        Facts facts = inspect(Jars.bundle().header("Provide-Capability", provides).header("Require-Capability", requires).bytes());
        assertEquals(kind, facts.kind());
        assertEquals(formats, List.copyOf(facts.formats()));
    }

    // As the build tools write them.
    @Test
    void readsWhatItNeeds() throws Exception {
        Facts facts = inspect(Jars.bundle()
                .header("Import-Package", "io.pantograph.api.codec;version=\"[1.0,2)\",a.b;c.d;x=\"y;,\",opt;resolution:=optional,java.lang")
                .header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=17))\",some.thing").bytes());
        assertEquals(List.of("io.pantograph.api.codec", "a.b", "c.d", "java.lang", "", ""), facts.needs().stream().map(Need::what).toList());
        assertEquals("(&(osgi.wiring.package=a.b)(x=y;,))", facts.needs().get(1).filter());
        assertEquals("[1.0.0,2.0.0)", facts.needs().get(0).range().orElseThrow().toString());
        assertTrue(facts.needs().get(4).fulfilledBy(Map.of("osgi.ee", "JavaSE", "version", List.of(Version.parseVersion("11"), Version.parseVersion("17")))));
        assertTrue(facts.needs().get(5).fulfilledBy(Map.of()));
    }

    static Stream<Arguments> refusals() {
        byte[] zeros = new byte[2 << 20];
        byte[] bundle = Jars.bundle().bytes();
        Jars many = Jars.bundle();
        for (int i = 0; i < Inspection.MAX_ENTRIES; i++) {
            many.entry("e" + i, new byte[0]);
        }
        return Stream.of(
                arguments("empty", new byte[0], "is no whole jar"),
                arguments("text", "hello".getBytes(StandardCharsets.UTF_8), "is no whole jar"),
                arguments("half of it", Arrays.copyOf(bundle, bundle.length / 2), "is no whole jar"),
                arguments("all but the last byte", Arrays.copyOf(bundle, bundle.length - 1), "is no whole jar"),
                row("an archive of nothing in it", Jars.bundle().entry("lib/a.jar", new byte[20 << 20]), "unpacks to more than 200 times its size: lib/a.jar"),
                row("no manifest", Jars.bundle().manifest(""), "is no OSGi bundle: it has no META-INF/MANIFEST.MF"),
                row("plain jar", Jars.bundle().header("Bundle-SymbolicName", null), "has no Bundle-SymbolicName; samples/codec.custom shows"),
                row("old bundle", Jars.bundle().header("Bundle-ManifestVersion", null), "no Bundle-ManifestVersion: 2"),
                row("two names", Jars.bundle().manifest("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: a\n"
                        + "bundle-symbolicname: b\nBundle-Version: 1.0.0\n\n"), "names itself more than once"),
                row("odd name", Jars.bundle().header("Bundle-SymbolicName", "../a"), "'../a', which is none"),
                row("no version", Jars.bundle().header("Bundle-Version", null), "has no Bundle-Version"),
                row("odd version", Jars.bundle().header("Bundle-Version", "1.0-beta"), "'1.0-beta', which is none; write it as in 1.0.0"),
                row("manifest without lines", Jars.bundle().manifest("Bundle Symbolic Name: a\n\n"), "a manifest that cannot be read"),
                row("large manifest", Jars.bundle().manifest("Manifest-Version: 1.0\n\n" + "Name: x\n\n".repeat(8_000)), "more than 65536 bytes"),
                row("fragment", Jars.bundle().header("Fragment-Host", "io.pantograph.codecs"), "is a fragment"),
                row("framework extension", Jars.bundle().header("Fragment-Host", "system.bundle; extension:=framework"), "is a fragment"),
                row("exports", Jars.bundle().header("Export-Package", "com.example"), "exports packages"),
                row("native header", Jars.bundle().header("Bundle-NativeCode", "x.so"), "brings native code"),
                row("native entry", Jars.bundle().entry("a/libx.SO", new byte[1]), "brings native code"),
                row("dynamic imports", Jars.bundle().header("DynamicImport-Package", "*"), "imports packages dynamically"),
                row("requires a bundle", Jars.bundle().header("Require-Bundle", "io.pantograph.codecs"), "requires other bundles"),
                row("brings the contracts", Jars.bundle().entry("io/pantograph/api/codec/Codec.class", new byte[1]), "its own copy of io.pantograph.api"),
                row("brings them further down", Jars.bundle().entry("lib/api.jar",
                        Jars.bundle().entry("io/pantograph/api/codec/Codec.class", new byte[1]).bytes()), "its own copy of io.pantograph.api"),
                row("leads out", Jars.bundle().entry("a/../../b", new byte[1]), "leads out of it: a/../../b"),
                row("absolute", Jars.bundle().entry("/etc/passwd", new byte[1]), "leads out of it"),
                row("drive", Jars.bundle().entry("C:/a", new byte[1]), "leads out of it"),
                row("backslash", Jars.bundle().entry("..\\a", new byte[1]), "leads out of it"),
                arguments("one entry twice", twice(), "holds an entry twice: aa"),
                row("torn header", Jars.bundle().header("Import-Package", "a;version=\"1"), "has a header Import-Package that cannot be read"),
                row("odd range", Jars.bundle().header("Import-Package", "a;version=\"[1;2)\""), "imports a in the versions"),
                row("odd filter", Jars.bundle().header("Require-Capability", "a;filter:=\"(x\""), "by the filter (x, which is none"),
                row("bomb", Jars.bundle().entry("zeros", zeros), "unpacks to more than 200 times"),
                row("bomb within", Jars.bundle().entry("lib/b.jar", Jars.bundle().entry("zeros", zeros).bytes()), "more than 200 times"),
                row("archive in an archive in it", Jars.bundle().entry("a.jar", Jars.bundle().entry("b.zip", bundle).bytes()), "archive within an archive"),
                row("many entries", many, "more than 10000 entries"));
    }

    private static Arguments row(String what, Jars jars, String message) {
        return arguments(what, jars.bytes(), message);
    }

    // No library writes such a jar, so two names are made the same afterwards.
    private static byte[] twice() {
        String text = new String(Jars.bundle().entry("aa", new byte[1]).entry("ab", new byte[2]).bytes(), StandardCharsets.ISO_8859_1);
        return text.replace("ab", "aa").getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesWithTheReason(String what, byte[] jar, String message) {
        Objection thrown = assertThrows(Objection.class, () -> inspect(jar));
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void doesNotEvenOpenAHugeFile() throws Exception {
        Path huge = folder.resolve("huge.jar");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(Inspection.MAX_JAR + 1);
        }
        Objection thrown = assertThrows(Objection.class, () -> Inspection.of(huge));
        assertTrue(thrown.getMessage().contains("has 33554433 bytes, a jar may have 33554432"), thrown.getMessage());
    }
}
