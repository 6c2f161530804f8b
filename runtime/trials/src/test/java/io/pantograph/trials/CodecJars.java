package io.pantograph.trials;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The sample codec in as many versions as a test wants. */
record CodecJars(byte[] bytes, String sha256) {

    static final String NAME = "io.pantograph.samples.codec.custom";

    /** The sample as it is, but with this version. */
    static CodecJars version(String version) throws Exception {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        try (JarInputStream in = new JarInputStream(Files.newInputStream(sample()))) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (JarOutputStream out = new JarOutputStream(copy, manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    out.write(in.readAllBytes());
                }
            }
        }
        byte[] bytes = copy.toByteArray();
        return new CodecJars(bytes, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    private static Path sample() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("samples"), "codec.custom", "target"))) {
            return files.filter(file -> file.getFileName().toString().matches("codec\\.custom-[0-9.]+(-SNAPSHOT)?\\.jar")).findFirst()
                    .orElseThrow(() -> new IOException("the sample codec is not built"));
        }
    }
}
