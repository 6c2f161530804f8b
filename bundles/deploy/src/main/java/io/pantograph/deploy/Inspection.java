package io.pantograph.deploy;

import io.pantograph.api.model.Names;
import io.pantograph.api.operator.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Looks into a jar before the framework does: is it whole, is it of a sane size, is it a bundle of the kind that can come and go without
 * anything else noticing? Sizes are counted while reading; what the jar says of itself is not believed.
 *
 * <p>This keeps mistakes and bombs out. It is no fence against a jar that means harm: code that runs, runs with all rights.
 */
final class Inspection {

    static final long MAX_JAR = 32L << 20;
    static final long MAX_CONTENT = 128L << 20;
    static final int MAX_ENTRIES = 10_000;
    static final int MAX_MANIFEST = 64 << 10;
    /** Class files shrink to a third, text to a tenth; only nothing at all shrinks to a two-hundredth. */
    static final int MAX_RATIO = 200;
    private static final long SMALL = 1 << 20;
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private long content;
    private int entries;

    private Inspection() {
    }

    /**
     * What the jar's manifest says.
     *
     * @param called how sentences name the jar: a file's name, a bundle's name, or a hash
     * @throws RefusedException if it must not be installed
     */
    static Facts of(Path jar, String called) throws RefusedException, IOException {
        try {
            return of(jar);
        } catch (Objection e) {
            throw new RefusedException(called + ' ' + e.getMessage(), e);
        }
    }

    /** What the jar's manifest says. @throws Objection if it must not be installed */
    static Facts of(Path jar) throws Objection, IOException {
        long size = Files.size(jar);
        if (size > MAX_JAR) {
            throw new Objection("has " + size + " bytes, a jar may have " + MAX_JAR);
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return new Inspection().inspect(zip);
        } catch (IOException | IllegalArgumentException e) {
            throw new Objection("is no whole jar; copy it again", e);
        }
    }

    private Facts inspect(ZipFile zip) throws Objection, IOException {
        Set<String> names = new HashSet<>();
        Enumeration<? extends ZipEntry> all = zip.entries();
        while (all.hasMoreElements()) {
            ZipEntry entry = all.nextElement();
            name(entry.getName(), names);
            try (InputStream in = zip.getInputStream(entry)) {
                if (isArchive(entry.getName())) {
                    nested(entry.getName(), in, entry.getCompressedSize());
                } else {
                    count(entry.getName(), in, entry.getCompressedSize());
                }
            }
        }
        ZipEntry manifest = zip.getEntry(MANIFEST);
        if (manifest == null) {
            throw Facts.noBundle("it has no " + MANIFEST);
        }
        try (InputStream in = zip.getInputStream(manifest)) {
            byte[] text = in.readNBytes(MAX_MANIFEST + 1);
            if (text.length > MAX_MANIFEST) {
                throw new Objection("has a manifest of more than " + MAX_MANIFEST + " bytes");
            }
            return Facts.of(text);
        }
    }

    /** A jar within the jar is looked over likewise, on the same account; another one within that is too deep. */
    private void nested(String outer, InputStream in, long compressed) throws Objection, IOException {
        byte[] bytes = count(outer, in, compressed);
        Set<String> names = new HashSet<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                name(entry.getName(), names);
                if (isArchive(entry.getName())) {
                    throw new Objection("holds an archive within an archive within it: " + Names.visible(outer));
                }
                count(entry.getName(), zip, bytes.length);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new Objection("holds an archive that cannot be read: " + Names.visible(outer), e);
        }
    }

    private byte[] count(String name, InputStream in, long compressed) throws Objection, IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[16_384];
        long size = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            size += read;
            content += read;
            if (content > MAX_CONTENT) {
                throw new Objection("holds more than " + MAX_CONTENT + " bytes when unpacked");
            }
            if (compressed >= 0 && size > SMALL && size / MAX_RATIO > compressed) {
                throw new Objection("holds an entry that unpacks to more than " + MAX_RATIO + " times its size: " + Names.visible(name));
            }
            if (isArchive(name)) {
                if (size > MAX_JAR) {
                    throw new Objection("holds an archive of more than " + MAX_JAR + " bytes: " + Names.visible(name));
                }
                kept.write(buffer, 0, read);
            }
        }
        return kept.toByteArray();
    }

    private void name(String name, Set<String> names) throws Objection {
        if (++entries > MAX_ENTRIES) {
            throw new Objection("holds more than " + MAX_ENTRIES + " entries");
        }
        boolean odd = name.isEmpty() || name.startsWith("/") || name.contains("\\") || name.indexOf('\0') >= 0
                || name.matches("[A-Za-z]:.*") || ("/" + name + "/").contains("/../");
        if (odd) {
            throw new Objection("holds an entry whose name leads out of it: " + Names.visible(name));
        }
        if (!names.add(name)) {
            throw new Objection("holds an entry twice: " + Names.visible(name));
        }
        if (name.contains("io/pantograph/api/") && name.endsWith(".class")) {
            throw new Objection("brings its own copy of io.pantograph.api, so nobody would see its services; "
                    + "import these packages instead (in Maven: scope provided)");
        }
        if (name.toLowerCase(Locale.ROOT).matches(".*\\.(so|dll|dylib|jnilib)")) {
            throw new Objection("brings native code, which cannot be taken out again: " + Names.visible(name));
        }
    }

    private static boolean isArchive(String name) {
        return name.toLowerCase(Locale.ROOT).matches(".*\\.(jar|zip|war|ear)");
    }
}
