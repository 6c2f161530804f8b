package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.dialect.Profile;
import io.pantograph.testkit.Felix;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** The bundle as it is packaged: deployed, used, removed, deployed again. */
class InFrameworkTest {

    @Test
    void comesAndGoes(@TempDir Path storage) throws Exception {
        try (Felix felix = Felix.start(storage)) {
            Bundle room = felix.room("dialect.azure");
            room.start();
            Dialect dialect = felix.service(Dialect.class);
            assertEquals("azure", felix.context().getServiceReference(Dialect.class).getProperty("pantograph.dialect.name"));
            Profile profile = dialect.profile(Map.of("connection-string", Given.MODULE), Defaults.NONE);
            // Tokens and bags come with classes of the bundle's own copy: if they were missing, it would show only now.
            assertTrue(profile.login(Given.NOW).password().isPresent());
            assertEquals("devices/dev1/modules/mod1/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8&a=%C3%A9",
                    profile.frame(Given.json(Map.of("a", "\u00e9"))).topic());
            assertTrue(profile.twin().isPresent());

            room.stop();
            assertNull(felix.context().getServiceReference(Dialect.class));
            room.uninstall();
            felix.room("dialect.azure").start();
            Dialect next = felix.service(Dialect.class);
            assertNotSame(dialect, next);
            assertEquals(profile.device(), next.profile(Map.of("connection-string", Given.MODULE), Defaults.NONE).device());
        }
    }
}
