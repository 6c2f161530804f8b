package io.pantograph.trials;

import io.pantograph.trials.storm.StormCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Releases of a codec: good ones, and one of each bad kind. */
final class StormJars {

    /** How a release can be bad. Those from {@code late} on are found only when they serve. */
    enum Manner { GOOD, UNRESOLVABLE, CONSTRUCTOR, SELFTEST, TORN, LATE, WRONG, SPIN }

    private static final String XML = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="storm" immediate="true" activate="activate" deactivate="deactivate">
              <implementation class="io.pantograph.trials.storm.StormCodec"/>
              <property name="pantograph.codec.format" value="%s"/>
              <property name="manner" value="%s"/>
              <service><provide interface="io.pantograph.api.codec.Codec"/></service>
            </scr:component>
            """;

    private StormJars() {
    }

    static String name(String format) {
        return "storm.codec." + format;
    }

    /** A jar in this folder. */
    static Path jar(Path folder, String format, String version, Manner manner) throws IOException {
        Path jar = folder.resolve(name(format) + '-' + version + '-' + manner + ".jar");
        write(jar, format, version, manner, manner.name().toLowerCase(Locale.ROOT));
        if (manner == Manner.TORN) {
            byte[] whole = Files.readAllBytes(jar);
            Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
        }
        return jar;
    }

    /** A codec that does well but for numbers below zero. @param misdeed as {@link StormCodec} knows it */
    static Path treacherous(Path folder, String format, String misdeed) throws IOException {
        Path jar = folder.resolve(name(format) + ".jar");
        write(jar, format, "1.0.0", Manner.GOOD, misdeed);
        return jar;
    }

    private static void write(Path jar, String format, String version, Manner manner, String word) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest(format, version, manner))) {
            String file = StormCodec.class.getName().replace('.', '/') + ".class";
            try (InputStream in = StormCodec.class.getClassLoader().getResourceAsStream(file)) {
                put(out, file, in.readAllBytes());
            }
            put(out, "OSGI-INF/storm.xml", XML.formatted(format, word).getBytes(StandardCharsets.UTF_8));
            String vectors = "[{\"name\":\"seven\",\"text\":\"n=7\",\"content\":{\"n\":" + (manner == Manner.SELFTEST ? 8 : 7) + "}}]";
            put(out, "OSGI-INF/vectors/" + format + ".json", vectors.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Manifest manifest(String format, String version, Manner manner) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name(format));
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "io.pantograph.api.codec;version=\"[1.0,2)\",io.pantograph.api.model;version=\"[1.0,2)\""
                + (manner == Manner.UNRESOLVABLE ? ",org.example.nowhere" : ""));
        main.putValue("Provide-Capability", "pantograph.codec;codec=" + format
                + ",osgi.service;objectClass:List<String>=\"io.pantograph.api.codec.Codec\"");
        main.putValue("Require-Capability", "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\"");
        main.putValue("Service-Component", "OSGI-INF/storm.xml");
        return manifest;
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
