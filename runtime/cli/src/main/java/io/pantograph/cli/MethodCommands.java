package io.pantograph.cli;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.ServiceClient;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Direct methods. */
@Command(name = "method", description = "Call direct methods.", subcommands = MethodCommands.Invoke.class)
final class MethodCommands {

    private static final int FAILED = 400;

    @Command(name = "invoke", description = "Call a direct method and print the answer. Exit code 1 if the device answers with 400 or more.")
    static final class Invoke extends DeviceCommands.One {

        @Parameters(index = "1", paramLabel = "METHOD", description = "The method's name.")
        private String name;

        @Parameters(index = "2", arity = "0..1", paramLabel = "PAYLOAD", description = "JSON; a single - reads it from the standard input.")
        private String payload;

        @Option(names = "--response-timeout", paramLabel = "SECONDS", defaultValue = "30", description = "For the device to answer, 5 to 300 (${DEFAULT-VALUE}).")
        private int response;

        @Option(names = "--connect-timeout", paramLabel = "SECONDS", defaultValue = "0", description = "For the device to come first, 0 to 300 (${DEFAULT-VALUE}).")
        private int connect;

        @Override
        int run(ServiceClient hub) throws Exception {
            MethodCall call = MethodCall.of(name).within(Duration.ofSeconds(response)).waitingFor(Duration.ofSeconds(connect));
            if (payload != null) {
                Bytes text = payload.equals("-") ? Bytes.wrap(screen().in().readAllBytes()) : Bytes.utf8(payload);
                call = call.with(Text.parse("the payload", text));
            }
            MethodAnswer answer = Access.await(hub.invoke(target(), call));
            show(Values.of("status", answer.status(), "payload", answer.payload().data()));
            return answer.status() < FAILED ? 0 : Trouble.REFUSED;
        }
    }
}
