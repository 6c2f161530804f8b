package io.pantograph.hub;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.HubEndpoints;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Says on the screen, once all of it listens, where the hub is to be found. Is a service only so that others can speak after it:
 * {@code (pantograph.announced=hub)}.
 */
@Component(service = Object.class, immediate = true, property = "pantograph.announced=hub")
public final class Announcement {

    @Activate
    public Announcement(@Reference Settings settings, @Reference HubEndpoints hub, @Reference Access access) {
        Path here = Path.of("").toAbsolutePath();
        Path home = settings.home().startsWith(here) ? here.relativize(settings.home()) : settings.home();
        System.out.println("""
                Pantograph hub, organisation %1$s, data in %2$s
                  MQTT   %3$s:%4$d plain, %3$s:%5$d TLS (also WebSocket and HTTP messaging)
                  REST   https://%3$s:%6$d/api/v0002, http://%3$s:%7$d/api/v0002 (also IoT Hub's REST API, MQTT over WebSocket)
                  trust  %2$s/hub/ca.pem
                  keys   %2$s/hub/credentials: watson.properties, azure.properties"""
                .formatted(access.org(), home, hub.host(), hub.mqtt(), hub.mqtts(), hub.https(), hub.http()));
    }
}
