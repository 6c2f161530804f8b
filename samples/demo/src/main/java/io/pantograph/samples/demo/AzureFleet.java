package io.pantograph.samples.demo;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The demo's Azure devices: those of the samples are registered at the first start, the sensor is left to be provisioned. Each one's
 * credentials are in a file. Later starts find them and change nothing.
 */
@Component(service = {})
public final class AzureFleet {

    /** Two of the samples, and the gateway itself, so that its twin says what is installed. */
    private static final List<String> REGISTERED = List.of("windmill", "ticker", "runtime");
    private static final String SENSOR = "sensor";

    private final Identities identities;

    @Activate
    public AzureFleet(@Reference Settings settings, @Reference Identities identities, @Reference Enrollments enrollments,
            @Reference ServiceAccess access) throws IOException, AzureException {
        this.identities = identities;
        Path devices = settings.home().resolve("conf").resolve("devices");
        for (String device : REGISTERED) {
            Path file = devices.resolve(device + ".ini");
            boolean known = identities.credential(Identity.of(device)).isPresent();
            if (!known || !Files.exists(file)) {
                OwnFile.write(file, """
                        [device]
                        dialect = azure
                        device-type = %1$s
                        connection-string = HostName=%2$s;DeviceId=%1$s;SharedAccessKey=%3$s
                        """.formatted(device, access.host(), key(device, known)));
            }
        }
        Path file = devices.resolve(SENSOR + ".ini");
        if (!Files.exists(file)) {
            OwnFile.write(file, """
                    [device]
                    dialect = azure
                    id-scope = %s
                    registration-id = %s
                    group-key = %s
                    model-id = dtmi:pantograph:EnvironmentalSensor;1
                    """.formatted(enrollments.scope(), SENSOR, groupKey(enrollments)));
        }
    }

    private String key(String device, boolean known) throws AzureException {
        Identity identity = Identity.of(device);
        Values document = known ? identities.document(identity) : identities.create(identity, Values.EMPTY);
        return document.values("authentication").values("symmetricKey").text("primaryKey");
    }

    private static String groupKey(Enrollments enrollments) throws IOException {
        return enrollments.document("default", true)
                .orElseThrow(() -> new IOException("there is no enrolment group 'default', which the demo's sensor needs"))
                .values("attestation").values("symmetricKey").text("primaryKey");
    }
}
