package io.pantograph.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceOptionsTest {

    @TempDir
    private Path home;

    @Test
    void findsTheHubThatRunsOnAFolder() throws IOException {
        Path keys = Files.createDirectories(home.resolve("hub").resolve("credentials"));
        Files.writeString(home.resolve("hub").resolve("ports.properties"), "pantograph.hub.https.port=18443\n");
        Files.writeString(keys.resolve("azure.properties"), "service.connection-string=HostName=h;SharedAccessKeyName=p;SharedAccessKey=c2VjcmV0\n");

        ServiceOptions options = ServiceOptions.local(home);

        assertEquals("HostName=h;SharedAccessKeyName=p;SharedAccessKey=c2VjcmV0", options.connectionString().reveal());
        assertEquals(OptionalInt.of(18443), options.port());
        assertEquals(List.of(home.resolve("hub").resolve("ca.pem")), options.authorities());
        assertFalse(options.toString().contains("c2VjcmV0"), options.toString());
    }

    @Test
    void saysWhichFileIsMissing() {
        String message = assertThrows(IOException.class, () -> ServiceOptions.local(home)).getMessage();
        assertTrue(message.contains("ports.properties"), message);
    }
}
