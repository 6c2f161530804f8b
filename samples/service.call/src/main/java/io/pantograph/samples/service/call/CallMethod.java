package io.pantograph.samples.service.call;

import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.api.service.Target;
import io.pantograph.service.Clients;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Calls a direct method of a device and prints its answer: {@code ticker SetTelemetryInterval 2}. The hub is the one that runs on the
 * folder {@code pantograph-data}, or, with a connection string in the variable {@code PANTOGRAPH_LOGIN}, any IoT Hub.
 */
public final class CallMethod {

    private CallMethod() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 2) {
            System.err.println("say DEVICE METHOD [NUMBER or TEXT]");
            System.exit(2);
        }
        String login = System.getenv("PANTOGRAPH_LOGIN");
        Path home = Path.of(System.getProperty("pantograph.home", "pantograph-data"));
        try (ServiceClient client = new Clients().open(login != null ? ServiceOptions.of(login) : ServiceOptions.local(home))) {
            MethodCall call = MethodCall.of(arguments[1]).with(payload(arguments)).within(Duration.ofSeconds(10));
            MethodAnswer answer = ServiceClient.await(client.invoke(Target.of(arguments[0]), call));
            System.out.println(arguments[0] + " answered " + answer.status() + ": " + answer.payload().data());
        } catch (ServiceException | IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage()); // no such device, not connected, no answer in time, ...
            System.exit(1);
        }
    }

    /** Any JSON value may be a payload; here a number, a text, or none. */
    static Object payload(String[] arguments) {
        if (arguments.length < 3) {
            return null;
        }
        try {
            return Long.valueOf(arguments[2]);
        } catch (NumberFormatException e) {
            return arguments[2];
        }
    }
}
