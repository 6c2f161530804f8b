package io.pantograph.deploy;

import aQute.bnd.osgi.Builder;
import io.pantograph.api.model.Content;
import io.pantograph.testkit.TestFramework;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;

/** Makes bundles of the classes in the package {@code stock}. */
final class Shop {

    private static final byte[] VECTORS = "[{\"name\": \"one\", \"text\": \"1\", \"content\": 1}, {\"name\": \"no number\", \"text\": \"x\", \"fails\": true}]"
            .getBytes(StandardCharsets.UTF_8);

    private final Path folder;

    Shop(Path folder) {
        this.folder = folder;
    }

    /** With these component classes. */
    Jars bundle(String name, String version, Class<?>... components) throws Exception {
        Path file = Files.createTempFile(folder, name, ".jar");
        try (Builder builder = new Builder()) {
            builder.setClasspath(new File[] {new File("target/test-classes"), TestFramework.jarOf(Content.class).toFile(),
                TestFramework.jarOf(BundleContext.class).toFile()});
            builder.setBundleSymbolicName(name);
            builder.setBundleVersion(version);
            builder.setProperty("-includeresource", Arrays.stream(components).map(one -> one.getName().replace('.', '/') + ".class")
                    .map(type -> type + "=target/test-classes/" + type).collect(Collectors.joining(",")));
            builder.build().write(file.toFile());
            if (!builder.getErrors().isEmpty()) {
                throw new IllegalStateException(List.copyOf(builder.getErrors()).toString());
            }
        }
        return Jars.like(file);
    }

    /** A codec for {@code meter} with golden vectors. @param fault see {@code MeterCodec}; empty for none */
    Jars meter(String version, String fault) throws Exception {
        Jars jars = bundle("stock.meter", version, io.pantograph.deploy.stock.MeterCodec.class).entry("OSGI-INF/vectors/meter.json", VECTORS);
        return fault.isEmpty() ? jars : jars.header("Fault", fault);
    }

    /** The codec for {@code meter}, and in the same bundle a handler for the command {@code light}. @param fault of the codec */
    Jars both(String version, String fault) throws Exception {
        Jars jars = bundle("stock.both", version, io.pantograph.deploy.stock.MeterCodec.class, io.pantograph.deploy.stock.LampHandler.class)
                .entry("OSGI-INF/vectors/meter.json", VECTORS);
        return fault.isEmpty() ? jars : jars.header("Fault", fault);
    }

    /** A handler for the command {@code light}. */
    Jars lamp(String version) throws Exception {
        return bundle("stock.lamp", version, io.pantograph.deploy.stock.LampHandler.class);
    }

    /** A program. @param fault empty, or anything that keeps it from starting */
    Jars mill(String version, String fault) throws Exception {
        Jars jars = bundle("stock.mill", version, io.pantograph.deploy.stock.Mill.class);
        return fault.isEmpty() ? jars : jars.header("Fault", fault);
    }
}
