package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.ServiceConnect;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.DirectMethods;
import io.pantograph.api.hub.HttpAnswer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** Calls of devices; whoever asks is answered when the device has. */
final class Methods {

    private final AtomicReference<DirectMethods> methods = new AtomicReference<>();
    private final Answers answers;

    Methods(Answers answers) {
        this.answers = answers;
    }

    void come(DirectMethods those) {
        methods.set(those);
    }

    void go(DirectMethods those) {
        methods.compareAndSet(those, null);
    }

    List<Route> routes() {
        return List.of(
                Route.later("POST", "twins/{d}/methods", ServiceConnect, this::invoke),
                Route.later("POST", "twins/{d}/modules/{m}/methods", ServiceConnect, this::invoke));
    }

    private CompletionStage<HttpAnswer> invoke(Call call) throws AzureException {
        DirectMethods here = methods.get();
        if (here == null) {
            throw new AzureException(AzureError.ServiceUnavailable, "nobody in this hub speaks to devices now");
        }
        return here.invoke(call.identity(), call.object()).thenApply(answers::ok);
    }
}
