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
        assertEquals(new Facts("some.bundle", Version.parseVersion("1.2.3.x")), inspect(Jars.bundle()
                .header("Bundle-SymbolicName", "some.bundle; singleton:=true").header("Bundle-Version", "1.2.3.x")
                .header("Import-Package", "io.pantograph.api.codec;version=\"[1.0,2)\"").header("Export-Package", "")
                .entry("a/B.class", new byte[2_000_000 / 3]).entry("io/pantograph/api/README", new byte[1])
                .entry("lib/private.jar", nested.bytes()).bytes()));
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
        RefusedException thrown = assertThrows(RefusedException.class, () -> inspect(jar));
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void doesNotEvenOpenAHugeFile() throws Exception {
        Path huge = folder.resolve("huge.jar");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(Inspection.MAX_JAR + 1);
        }
        RefusedException thrown = assertThrows(RefusedException.class, () -> Inspection.of(huge));
        assertTrue(thrown.getMessage().contains("has 33554433 bytes, a jar may have 33554432"), thrown.getMessage());
    }
}
