package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.ServiceConnect;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.DirectMethods;
import io.pantograph.api.hub.HttpAnswer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Calls of devices; whoever asks is answered when the device has. */
final class Methods {

    private final DirectMethods methods;
    private final Answers answers;

    Methods(DirectMethods methods, Answers answers) {
        this.methods = methods;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                Route.later("POST", "twins/{d}/methods", ServiceConnect, this::invoke),
                Route.later("POST", "twins/{d}/modules/{m}/methods", ServiceConnect, this::invoke));
    }

    private CompletionStage<HttpAnswer> invoke(Call call) throws AzureException {
        return methods.invoke(call.identity(), call.object()).thenApply(answers::ok);
    }
}
