package io.pantograph.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Jars that are good but for one thing. */
final class Jars {

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private String manifest;

    private Jars() {
    }

    /** A bundle with nothing in it. */
    static Jars bundle() {
        return new Jars().header("Manifest-Version", "1.0").header("Bundle-ManifestVersion", "2")
                .header("Bundle-SymbolicName", "some.bundle").header("Bundle-Version", "1.0.0");
    }

    /** As this jar. */
    static Jars like(Path file) throws IOException {
        Jars jars = new Jars();
        try (JarFile jar = new JarFile(file.toFile())) {
            jar.getManifest().getMainAttributes().forEach((name, value) -> jars.header(name.toString(), value.toString()));
            for (JarEntry entry : jar.stream().toList()) {
                if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        jars.entry(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return jars;
    }

    /** With this header; null takes it away. */
    Jars header(String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    /** With just this manifest. */
    Jars manifest(String text) {
        manifest = text;
        return this;
    }

    Jars entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            String text = manifest;
            if (text == null) {
                StringBuilder lines = new StringBuilder();
                headers.forEach((name, value) -> lines.append(folded(name + ": " + value)).append("\r\n"));
                text = lines + "\r\n";
            }
            if (!text.isEmpty()) {
                put(zip, JarFile.MANIFEST_NAME, text.getBytes(StandardCharsets.UTF_8));
            }
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(zip, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String folded(String line) {
        return line.length() <= 70 ? line : line.substring(0, 70) + "\r\n " + folded(line.substring(70));
    }

    Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(java.time.LocalDateTime.of(2001, 1, 1, 0, 0)); // the same jar twice is the same bytes
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
