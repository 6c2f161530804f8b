package io.pantograph.house;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house that stand in its sources. */
class SourcesTest {

    /** Places that exist on one machine only, and hosts that a build may be told to replace. */
    private static final Pattern LOCAL = Pattern.compile("(?<![\\w.}$*])/(work|root|tmp)/\\w|\\brepo1?\\.maven|\\bregistry\\.npm");

    /** What Maven lets nobody pin in one place. */
    private static final Pattern OWN = Pattern.compile("<(parent|extension)>.*?</\\1>", Pattern.DOTALL);

    static Stream<Path> modules() {
        return Stream.of("bundles", "samples").flatMap(folder -> House.folders(House.ROOT.resolve(folder)).stream());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aPomHoldsParentNameAndDependencies(Path module) {
        String pom = OWN.matcher(text(module.resolve("pom.xml"))).replaceAll("");
        assertTrue(pom.contains("<artifactId>" + module.getFileName() + "</artifactId>"), "artifact is not named as its folder");
        assertTrue(!pom.contains("<version>"), "has a version of its own; they stand in the root pom");
        assertTrue(!pom.contains("<repository>") && !pom.contains("<systemPath>"), "brings a repository of its own");
    }

    @Test
    void everyFolderIsAModule() {
        String root = text(House.ROOT.resolve("pom.xml"));
        assertEquals(List.of(), Stream.concat(modules(), House.folders(House.ROOT.resolve("runtime")).stream())
                .map(module -> House.ROOT.relativize(module).toString().replace('\\', '/'))
                .filter(module -> !root.contains("<module>" + module + "</module>")).collect(toList()));
    }

    @Test
    void noFileKnowsTheMachineItWasWrittenOn() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = text(file).lines().collect(toList());
            for (int line = 0; line < lines.size(); line++) {
                if (LOCAL.matcher(lines.get(line)).find()) {
                    found.add(House.ROOT.relativize(file) + ":" + (line + 1) + " " + lines.get(line).strip());
                }
            }
        }
        assertEquals(List.of(), found);
    }

    private static List<Path> sources() throws IOException {
        Set<String> endings = Set.of("java", "xml", "bnd", "bndrun", "md", "json", "properties", "ini", "run", "sh");
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(House.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                return Set.of("target", ".git", "pantograph-data").contains(name) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (endings.contains(name.substring(name.lastIndexOf('.') + 1)) || file.getParent().endsWith(".ci")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertTrue(files.size() > 100, "found only " + files.size() + " sources");
        return files;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
