package io.pantograph.samples.service.identity;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceRegistry;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.api.service.Target;
import io.pantograph.service.Clients;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes the identity of a device, or finds it, and prints its id and primary key. The hub is the one that runs on the folder
 * {@code pantograph-data}, or, with a connection string in the variable {@code PANTOGRAPH_LOGIN}, any IoT Hub.
 */
public final class CreateDeviceIdentity {

    private CreateDeviceIdentity() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        String device = arguments.length > 0 ? arguments[0] : "myFirstDevice";
        String login = System.getenv("PANTOGRAPH_LOGIN");
        Path home = Path.of(System.getProperty("pantograph.home", "pantograph-data"));
        try (ServiceClient client = new Clients().open(login != null ? ServiceOptions.of(login) : ServiceOptions.local(home))) {
            Values identity = identity(client.registry(), Target.of(device));
            System.out.println("Device ID: " + identity.text("deviceId"));
            System.out.println("Device key: " + identity.values("authentication").values("symmetricKey").text("primaryKey"));
        } catch (ServiceException | IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    static Values identity(DeviceRegistry registry, Target device) throws ServiceException, InterruptedException {
        try {
            return ServiceClient.await(registry.create(device, Values.EMPTY)); // enabled, with keys that the hub makes
        } catch (ServiceException e) {
            if (!e.error().equals("DeviceAlreadyExists")) {
                throw e;
            }
            return ServiceClient.await(registry.find(device));
        }
    }
}
