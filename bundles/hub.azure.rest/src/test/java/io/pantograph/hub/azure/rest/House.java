package io.pantograph.hub.azure.rest;

import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.model.Bytes;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ManualClock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The room with a hub in memory, and a client that says things in short. */
final class House {

    static final String ALL = "RegistryRead RegistryWrite ServiceConnect";

    final FakeHub hub = new FakeHub();
    final ManualClock clock = new ManualClock();
    final FakeLog log = new FakeLog(clock);
    final Rest rest = new Rest(hub, hub, hub, new FakeMessages(hub), log, TestJson.JSON, clock, clock::nanos, clock.scheduler());

    {
        rest.addMethods(hub);
    }

    /** @param request such as {@code PUT /devices/dev1?api-version=2021-04-12 | If-Match: * | {'status':'enabled'}} */
    HttpAnswer.Whole ask(String request) {
        return (HttpAnswer.Whole) Await.result(begin(request));
    }

    CompletionStage<HttpAnswer> begin(String request) {
        return rest.answer(request(request));
    }

    static HttpRequest request(String line) {
        String[] parts = line.split(" \\| ", -1);
        String[] first = parts[0].split(" ", 2);
        String[] target = first[1].split("\\?", 2);
        Map<String, String> query = new LinkedHashMap<>();
        if (target.length > 1) {
            for (String pair : target[1].split("&")) {
                String[] sides = pair.split("=", 2);
                query.put(sides[0], sides.length > 1 ? sides[1] : "");
            }
        }
        Map<String, String> headers = new HashMap<>(Map.of("authorization", ALL, "host", "127.0.0.1:443"));
        Bytes body = Bytes.EMPTY;
        for (int i = 1; i < parts.length; i++) {
            int colon = parts[i].indexOf(": ");
            if (colon > 0 && Character.isLetter(parts[i].charAt(0))) {
                headers.put(parts[i].substring(0, colon).toLowerCase(java.util.Locale.ROOT), parts[i].substring(colon + 2).replace('\'', '"'));
            } else {
                body = Bytes.utf8(parts[i].replace('\'', '"'));
            }
        }
        headers.values().removeIf("-"::equals);
        return new HttpRequest(first[0], target[0], query, headers, body, Optional.empty());
    }
}
