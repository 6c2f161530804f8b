package io.pantograph.trials;

import io.pantograph.trials.both.BothCodec;
import io.pantograph.trials.both.BothHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Releases of a bundle that has a codec, a command handler and a property handler. */
final class BothJars {

    static final String NAME = "trials.both";

    private static final String CODEC = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="codec" activate="activate">
              <implementation class="io.pantograph.trials.both.BothCodec"/>
              <property name="pantograph.codec.format" value="both"/>
              <property name="wears" value="%s"/>
              <service><provide interface="io.pantograph.api.codec.Codec"/></service>
            </scr:component>
            """;
    private static final String HANDLER = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="handler" activate="activate" deactivate="deactivate">
              <implementation class="io.pantograph.trials.both.BothHandler"/>
              <property name="pantograph.command" value="light"/>
              <property name="pantograph.property" value="level"/>
              <property name="version" value="%s"/>
              <property name="fails" value="%s"/>
              <service><provide interface="io.pantograph.api.command.CommandHandler"/><provide interface="io.pantograph.api.twin.DesiredHandler"/></service>
            </scr:component>
            """;
    private static final String SERVICE = "osgi.service;objectClass:List<String>=\"io.pantograph.api.";

    private BothJars() {
    }

    /** @param wears whether its codec does @param fails whether its command handler does */
    static byte[] jar(String version, boolean wears, boolean fails) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest(version))) {
            for (Class<?> type : List.of(BothCodec.class, BothHandler.class)) {
                String file = type.getName().replace('.', '/') + ".class";
                try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
                    put(out, file, in.readAllBytes());
                }
            }
            put(out, "OSGI-INF/codec.xml", CODEC.formatted(wears).getBytes(StandardCharsets.UTF_8));
            put(out, "OSGI-INF/handler.xml", HANDLER.formatted(version, fails).getBytes(StandardCharsets.UTF_8));
            put(out, "OSGI-INF/vectors/both.json", "[{\"name\":\"seven\",\"text\":\"n=7\",\"content\":{\"n\":7}}]".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static Manifest manifest(String version) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", NAME);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "io.pantograph.api.codec,io.pantograph.api.model,io.pantograph.api.command,io.pantograph.api.twin");
        main.putValue("Provide-Capability", "pantograph.codec;codec=both," + SERVICE + "codec.Codec\"," + SERVICE + "command.CommandHandler\","
                + SERVICE + "twin.DesiredHandler\"");
        main.putValue("Require-Capability", "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))\"");
        main.putValue("Service-Component", "OSGI-INF/codec.xml,OSGI-INF/handler.xml");
        return manifest;
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
