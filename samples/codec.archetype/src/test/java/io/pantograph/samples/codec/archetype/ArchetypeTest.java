package io.pantograph.samples.codec.archetype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks the way of an author: has a project made by the archetype, builds it, breaks it. With Maven itself, offline, and without a trace in
 * the repository of whoever runs this: what an author would have installed lies in a repository of its own, beside links to all the rest.
 */
@Timeout(300)
class ArchetypeTest {

    private static final String VERSION = System.getProperty("project.version");
    private static final Path SOURCES = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void makesAProjectThatBuildsAndKnowsABadCodec() throws Exception {
        Path repository = Files.createDirectory(folder.resolve("repository"));
        link(Path.of(System.getProperty("localRepository")), repository);
        install(repository);

        String plugin = "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("archetype.version");
        Said made = maven(folder, repository, plugin + ":generate", "-DarchetypeCatalog=local", "-DarchetypeGroupId=io.pantograph.samples",
                "-DarchetypeArtifactId=codec.archetype", "-DarchetypeVersion=" + VERSION, "-DgroupId=org.example", "-DartifactId=codec.meter",
                "-Dpackage=org.example.codec.meter", "-Dformat=meter");
        assertEquals(0, made.code, made.text);
        Path project = folder.resolve("codec.meter");
        List<String> pom = Files.readAllLines(project.resolve("pom.xml"));
        assertEquals(7, pom.size(), pom.toString());

        Said built = maven(project, repository, "verify");
        assertEquals(0, built.code, built.text);
        assertTrue(built.text.contains("Tests run: 8, Failures: 0, Errors: 0, Skipped: 0"), built.text);
        try (JarFile jar = new JarFile(project.resolve("target/codec.meter-1.0.0.jar").toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals("org.example.codec.meter", manifest.getValue("Bundle-SymbolicName"));
            assertEquals("1.0.0", manifest.getValue("Bundle-Version"));
            assertTrue(manifest.getValue("Provide-Capability").contains("pantograph.codec;codec=meter"), manifest.getValue("Provide-Capability"));
            assertNull(manifest.getValue("Export-Package"));
            assertNull(manifest.getValue("Bundle-License"), "an author's licence is his own");
            assertNotNull(jar.getEntry("OSGI-INF/vectors/vectors.json"));
            assertNull(jar.getEntry("io/pantograph/api/codec/Codec.class"));
            assertFalse(jar.stream().anyMatch(entry -> entry.getName().endsWith("Test.class")));
        }

        Path codec = project.resolve("src/main/java/org/example/codec/meter/PayloadCodec.java");
        String good = Files.readString(codec);
        String bad = good.replace("if (parts.length != 2) {", "if (parts.length > 2) {");
        assertFalse(bad.equals(good));
        Files.writeString(codec, bad);
        Said broken = maven(project, repository, "verify");
        assertEquals(1, broken.code, broken.text);
        assertTrue(broken.text.contains("decode of vector 'no number' in vectors.json threw java.lang.ArrayIndexOutOfBoundsException"), broken.text);
    }

    private record Said(int code, String text) {
    }

    private static Said maven(Path where, Path repository, String goal, String... settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("maven.home") + "/bin/mvn", "-B", "-o", "-ntp",
                "-Dmaven.repo.local=" + repository, goal));
        command.addAll(List.of(settings));
        Path said = where.resolve("maven.log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process maven = builder.start();
        try {
            assertTrue(maven.waitFor(200, TimeUnit.SECONDS), "Maven did not end: " + command);
        } finally {
            maven.destroyForcibly();
        }
        return new Said(maven.exitValue(), Files.readString(said));
    }

    /** All of the repository, but for what is ours. */
    private static void link(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (name.equals("io") && Files.isDirectory(entry)) {
                    link(entry, Files.createDirectory(to.resolve(name)));
                } else if (!name.equals("pantograph")) {
                    Files.createSymbolicLink(to.resolve(name), entry.toAbsolutePath());
                }
            }
        }
    }

    /** What {@code mvn install} would put there. */
    private static void install(Path repository) throws IOException {
        install(repository, "io/pantograph", "pantograph", SOURCES, "pom");
        install(repository, "io/pantograph", "bundles", SOURCES.resolve("bundles"), "pom");
        install(repository, "io/pantograph", "api", SOURCES.resolve("bundles/api"), "jar");
        install(repository, "io/pantograph", "testkit", SOURCES.resolve("bundles/testkit"), "jar");
        install(repository, "io/pantograph/samples", "codec.parent", SOURCES.resolve("samples/codec.parent"), "pom");
        install(repository, "io/pantograph/samples", "codec.archetype", SOURCES.resolve("samples/codec.archetype"), "jar");
    }

    private static void install(Path repository, String group, String name, Path module, String packaging) throws IOException {
        Path place = Files.createDirectories(repository.resolve(group).resolve(name).resolve(VERSION));
        String file = name + '-' + VERSION;
        Files.copy(module.resolve("pom.xml"), place.resolve(file + ".pom"));
        if (packaging.equals("jar")) {
            Files.copy(module.resolve("target").resolve(file + ".jar"), place.resolve(file + ".jar"));
        }
    }
}
