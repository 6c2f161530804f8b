package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.ServiceConnect;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.hub.HttpAnswer;
import java.util.List;
import java.util.stream.Stream;

/** The service's half of the twins. */
final class Twins {

    private final TwinStore twins;
    private final Answers answers;

    Twins(TwinStore twins, Answers answers) {
        this.twins = twins;
        this.answers = answers;
    }

    List<Route> routes() {
        return Stream.of("twins/{d}", "twins/{d}/modules/{m}").flatMap(path -> Stream.of(
                Route.of("GET", path, ServiceConnect, call -> answers.tagged(twins.twin(call.identity()))),
                Route.of("PATCH", path, ServiceConnect, this::patch),
                Route.of("PUT", path, ServiceConnect, this::replace))).toList();
    }

    private HttpAnswer patch(Call call) throws AzureException {
        Identity identity = call.identity();
        return answers.tagged(twins.patch(identity, Shapes.twin(call.object(), identity), call.ifMatch()));
    }

    private HttpAnswer replace(Call call) throws AzureException {
        Identity identity = call.identity();
        return answers.tagged(twins.replace(identity, Shapes.twin(call.object(), identity), call.ifMatch()));
    }
}
