package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.dialect.DialectName;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceId;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * Devices and modules of Azure IoT Hub and IoT Central. The settings are those of the clouds' own programs, described in
 * {@link DeviceForm}: a connection string, or its parts; or an id scope and a registration, with which the Device Provisioning
 * Service finds the hub.
 *
 * <p>In the gateway a device has the name that it has at the hub, a module {@code device~module}, and one that is provisioned that of its
 * registration, whatever id the hub gives it. Its type is the setting {@code device-type}, else the last part of the model id, else {@code device}.
 */
@Component
@DialectName(name = "azure")
public final class AzureDialect implements Dialect {

    @Override
    public Profile profile(Map<String, String> settings, Defaults defaults) {
        Form form = new Form(settings);
        Manner manner = Manner.of(form);
        if (!form.present("id-scope", "registration-id", "provisioning-host", "symmetric-key", "group-key", "provisioning-payload").isEmpty()) {
            return Registration.of(form, manner, defaults).profile();
        }
        Parts parts = Parts.of(form, defaults);
        Subject subject = parts.subject();
        DeviceId device = new DeviceId(type(form), Subject.name(subject.device(), subject.module()));
        return new HubProfile(device, subject, parts.target().endpoint(form, defaults), parts.access(), manner);
    }

    static String type(Form form) {
        Optional<String> model = form.text("model-id").map(ModelId::check).map(ModelId::shortName);
        return form.text("device-type").or(() -> model).orElse("device");
    }
}
