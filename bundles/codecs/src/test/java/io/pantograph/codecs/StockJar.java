package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aQute.bnd.osgi.Builder;
import io.pantograph.api.model.Content;
import io.pantograph.codecs.stock.StockCodec;
import io.pantograph.testkit.TestFramework;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Packs the stock codec into a bundle. */
final class StockJar {

    private StockJar() {
    }

    /** @param name of the bundle, after {@code stock.} */
    static Path of(Path folder, String name, String version) throws Exception {
        Path file = folder.resolve(name + '-' + version + ".jar");
        if (!Files.exists(file)) {
            try (Builder builder = new Builder()) {
                builder.setClasspath(new File[] {new File("target/test-classes"), TestFramework.jarOf(Content.class).toFile()});
                builder.setBundleSymbolicName("stock." + name);
                builder.setBundleVersion(version);
                builder.setProperty("-privatepackage", StockCodec.class.getPackageName());
                builder.build().write(file.toFile());
                assertEquals(List.of(), builder.getErrors());
            }
        }
        return file;
    }
}
