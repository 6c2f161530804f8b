package io.pantograph.house;

import static java.util.stream.Collectors.toList;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.OSGiHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The repository and what was built from it. */
final class House {

    /** The folder that holds bundles/ and runtime/. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

    private House() {}

    /** Every bundle in this folder, by the name of its folder. What has another packaging, such as a parent, is none. */
    static List<Built> bundles(String folder) {
        return list(ROOT.resolve(folder), path -> Files.exists(path.resolve("pom.xml")) && !packaged(path.resolve("pom.xml"))).stream()
                .map(House::built).collect(toList());
    }

    private static boolean packaged(Path pom) {
        try {
            return Files.readString(pom).contains("<packaging>");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> folders(Path folder) {
        return list(folder, path -> Files.exists(path.resolve("pom.xml")));
    }

    static List<Path> list(Path folder, Predicate<Path> which) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(which).sorted().collect(toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Built built(Path folder) {
        String name = folder.getFileName().toString();
        List<Path> jars = list(folder.resolve("target"), path -> path.getFileName().toString().matches("\\Q" + name + "\\E-[0-9].*\\.jar"));
        if (jars.size() != 1) {
            throw new IllegalStateException(folder + " has " + jars + " where one jar should be; run mvn clean verify");
        }
        return new Built(name, jars.get(0));
    }

    /** A bundle as built. */
    record Built(String name, Path jar) {

        Map<String, String> headers() {
            return read(file -> {
                Map<String, String> headers = new TreeMap<>();
                file.getManifest().getMainAttributes().forEach((key, value) -> headers.put(key.toString(), value.toString()));
                return headers;
            });
        }

        /** The clauses of a header such as Import-Package, none if it is not there. */
        Map<String, Attrs> clauses(String header) {
            Map<String, Attrs> clauses = new TreeMap<>();
            OSGiHeader.parseHeader(headers().getOrDefault(header, "")).forEach(clauses::put);
            return clauses;
        }

        List<String> entries() {
            return read(file -> file.stream().map(ZipEntry::getName).collect(toList()));
        }

        /** The packages that its own class files are in, with dots. */
        List<String> packages() {
            return entries().stream().filter(entry -> entry.endsWith(".class") && entry.contains("/"))
                    .map(entry -> entry.substring(0, entry.lastIndexOf('/')).replace('/', '.')).distinct().sorted().collect(toList());
        }

        private <T> T read(Reading<T> reading) {
            try (JarFile file = new JarFile(jar.toFile())) {
                return reading.of(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private interface Reading<T> {
        T of(JarFile file) throws IOException;
    }
}
