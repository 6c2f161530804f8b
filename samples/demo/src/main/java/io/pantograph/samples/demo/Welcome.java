package io.pantograph.samples.demo;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.HubEndpoints;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Says once how to go on from here. */
@Component(service = {})
public final class Welcome {

    @Activate
    public Welcome(@Reference Settings settings, @Reference HubEndpoints hub, @Reference Fleet fleet,
            @Reference(target = "(pantograph.announced=hub)") Object saidBefore) {
        Path home = settings.home();
        Path here = Path.of("").toAbsolutePath();
        String shown = (home.startsWith(here) ? here.relativize(home) : home).toString();
        String folder = shown.equals("pantograph-data") ? "" : " --home=" + shown;
        String keys = shown + "/hub/credentials/watson.properties";
        System.out.println("""
                Add a device:
                  curl --cacert %1$s/hub/ca.pem -u "$(sed -n 's/^api-key=//p' %2$s):$(sed -n 's/^api-token=//p' %2$s)" \\
                    -H 'Content-Type: application/json' -d '{"deviceId":"t-9"}' \\
                    https://localhost:%3$d/api/v0002/device/types/thermostat/devices
                  and put what it answers into a file like %1$s/conf/devices/%4$s-%5$s.ini
                Add a codec for the format 'custom', which the meter sends, while this runs:
                  cp samples/codec.custom/target/codec.custom-0.1.0-SNAPSHOT.jar %1$s/drop/
                Watch the environmental sensor, which is here as at IoT Central, and tell it what to do:
                  java -jar runtime/target/pantograph-cli.jar monitor-events sensor%6$s
                  java -jar runtime/target/pantograph-cli.jar method invoke sensor blink%6$s
                  java -jar runtime/target/pantograph-cli.jar twin update sensor --desired '{"brightness":70}'%6$s
                Add a windmill, and a device that takes a direct method:
                  cp samples/device.windmill/target/device.windmill-0.1.0-SNAPSHOT.jar %1$s/drop/
                  cp samples/device.methods/target/device.methods-0.1.0-SNAPSHOT.jar %1$s/drop/
                  java -jar runtime/target/pantograph-cli.jar method invoke ticker SetTelemetryInterval 1%6$s
                Ctrl-C ends it. What passes through the hub:
                """.formatted(shown, keys, hub.https(), Fleet.JSON.type(), Fleet.JSON.name(), folder).stripTrailing());
    }
}
