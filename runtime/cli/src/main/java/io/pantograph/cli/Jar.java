package io.pantograph.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** A bundle in a file. What may be wrong with it beyond its name is for the gateway to say. */
record Jar(Path file, String name, String version, String sha256) {

    static final int MOST_BYTES = 32 << 20;

    static Jar of(Path file) throws Trouble {
        if (!Files.isRegularFile(file)) {
            throw Trouble.usage(file + " is no file; name a jar");
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw Trouble.usage(file + " has more than " + MOST_BYTES + " bytes, which no gateway takes");
            }
            Attributes headers = headers(file);
            String name = headers.getValue("Bundle-SymbolicName");
            if (name == null) {
                throw Trouble.usage(file + " is no bundle: its manifest has no Bundle-SymbolicName; build it with bnd, as the samples do");
            }
            String version = headers.getValue("Bundle-Version");
            return new Jar(file, name.split(";")[0].trim(), version == null ? "0" : version.trim(), hash(file));
        } catch (IOException e) {
            throw Trouble.usage(file + " cannot be read as a jar (" + e.getMessage() + "); name a whole one");
        }
    }

    private static Attributes headers(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            return manifest == null ? new Attributes() : manifest.getMainAttributes();
        }
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
