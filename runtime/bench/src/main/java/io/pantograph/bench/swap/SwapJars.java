package io.pantograph.bench.swap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Releases of {@link SwapCodec}, as its author would have built them. */
final class SwapJars {

    static final String NAME = "bench.codec.swap";
    static final String FORMAT = "swap";

    private static final String XML = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="swap" immediate="true">
              <implementation class="io.pantograph.bench.swap.SwapCodec"/>
              <property name="pantograph.codec.format" value="swap"/>
              <service><provide interface="io.pantograph.api.codec.Codec"/></service>
            </scr:component>
            """;
    private static final String VECTORS = "[{\"name\":\"seven\",\"text\":\"n=7\",\"content\":{\"n\":7}}]";

    private SwapJars() {
    }

    /** A jar in this folder. */
    static Path jar(Path folder, String version) throws IOException {
        Path jar = folder.resolve(NAME + '-' + version + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest(version))) {
            String file = SwapCodec.class.getName().replace('.', '/') + ".class";
            try (InputStream in = SwapCodec.class.getClassLoader().getResourceAsStream(file)) {
                put(out, file, in.readAllBytes());
            }
            put(out, "OSGI-INF/swap.xml", XML.getBytes(StandardCharsets.UTF_8));
            put(out, "OSGI-INF/vectors/swap.json", VECTORS.getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static Manifest manifest(String version) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", NAME);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "io.pantograph.api.codec;version=\"[1.0,2)\",io.pantograph.api.model;version=\"[1.0,2)\"");
        main.putValue("Provide-Capability", "pantograph.codec;codec=" + FORMAT
                + ",osgi.service;objectClass:List<String>=\"io.pantograph.api.codec.Codec\"");
        main.putValue("Require-Capability", "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\"");
        main.putValue("Service-Component", "OSGI-INF/swap.xml");
        return manifest;
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
