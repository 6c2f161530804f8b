package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.ServiceConnect;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.hub.HttpAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions about all twins. */
final class Queries {

    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final TwinStore twins;
    private final Answers answers;

    Queries(TwinStore twins, Answers answers) {
        this.twins = twins;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "devices/query", ServiceConnect, this::ask));
    }

    private HttpAnswer ask(Call call) throws AzureException {
        if (!(call.object().get("query") instanceof String text)) {
            throw Call.invalid("'query' must be a text such as SELECT * FROM devices");
        }
        Query query = QueryParser.read(text);
        Optional<String> wanted = call.header("x-ms-max-item-count");
        int size = wanted.isPresent() ? Math.min(Call.number("header x-ms-max-item-count", wanted.get(), 1), MOST) : USUAL;
        Optional<String> token = call.header("x-ms-continuation").filter(each -> !each.isBlank());
        Continuation from = token.isPresent() ? Continuation.read(token.get(), text) : Continuation.begin(text);
        Results.Page page = new Results(query, twins.all(query.modules())).page(from, size);
        Map<String, String> headers = new HashMap<>(Map.of("x-ms-item-type", query.whole() ? "twin" : "raw"));
        page.next().ifPresent(next -> headers.put("x-ms-continuation", next.text()));
        return answers.ok(page.found(), headers);
    }
}
