package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.RegistryRead;
import static io.pantograph.api.azure.Right.RegistryWrite;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Optional;

/** The identity registry: devices, their modules, many at once, and how many there are. */
final class Devices {

    private static final int MOST_LISTED = 1000;

    private final Identities identities;
    private final Answers answers;

    Devices(Identities identities, Answers answers) {
        this.identities = identities;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "devices", RegistryRead, this::list),
                Route.of("POST", "devices", RegistryWrite, call -> answers.ok(identities.bulk(call.objects()))),
                Route.of("GET", "devices/{d}", RegistryRead, this::show),
                Route.of("PUT", "devices/{d}", RegistryWrite, this::keep),
                Route.of("DELETE", "devices/{d}", RegistryWrite, this::delete),
                Route.of("GET", "devices/{d}/modules", RegistryRead, call -> answers.ok(identities.modules(call.identity().device()))),
                Route.of("GET", "devices/{d}/modules/{m}", RegistryRead, this::show),
                Route.of("PUT", "devices/{d}/modules/{m}", RegistryWrite, this::keep),
                Route.of("DELETE", "devices/{d}/modules/{m}", RegistryWrite, this::delete),
                Route.of("GET", "statistics/devices", RegistryRead, this::count),
                Route.of("GET", "statistics/service", RegistryRead,
                        call -> answers.ok(Values.of("connectedDeviceCount", identities.statistics().connected()))));
    }

    private HttpAnswer list(Call call) throws AzureException {
        Optional<String> top = call.query("top");
        int most = top.isPresent() ? Math.min(Call.number("query parameter top", top.get(), 1), MOST_LISTED) : MOST_LISTED;
        return answers.ok(identities.devices(most));
    }

    private HttpAnswer show(Call call) throws AzureException {
        return answers.tagged(identities.document(call.identity()));
    }

    /** With {@code If-Match} a change of what is there, without it something new. */
    private HttpAnswer keep(Call call) throws AzureException {
        Identity identity = call.identity();
        Values wanted = Shapes.document(call.object(), identity);
        Optional<String> ifMatch = call.ifMatch();
        return answers.tagged(ifMatch.isPresent() ? identities.update(identity, wanted, ifMatch) : identities.create(identity, wanted));
    }

    private HttpAnswer delete(Call call) throws AzureException {
        identities.delete(call.identity(), call.ifMatch());
        return answers.nothing();
    }

    private HttpAnswer count(Call call) {
        Identities.Statistics now = identities.statistics();
        return answers.ok(Values.of("totalDeviceCount", now.total(), "enabledDeviceCount", now.enabled(), "disabledDeviceCount", now.disabled()));
    }
}
