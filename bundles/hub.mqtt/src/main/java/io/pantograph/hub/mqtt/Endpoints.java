package io.pantograph.hub.mqtt;

import io.pantograph.api.hub.HubEndpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where the hub listens; also a file for programs that are not in this JVM, there while the hub runs. */
record Endpoints(String host, int mqtt, int mqtts, int https, int http, Path authority) implements HubEndpoints {

    private static final String FILE = "ports.properties";

    void write(Path folder) throws IOException {
        String text = "pantograph.hub.mqtt.port=" + mqtt + "\npantograph.hub.mqtts.port=" + mqtts + "\npantograph.hub.https.port=" + https
                + "\npantograph.hub.http.port=" + http + '\n';
        OwnerOnly.publish(folder.resolve(FILE), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void remove(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(FILE));
        } catch (IOException e) {
            LoggerFactory.getLogger(Endpoints.class).warn("{} tells ports that are shut: {}", folder.resolve(FILE), e.toString());
        }
    }
}
