package io.pantograph.service;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceRegistry;
import io.pantograph.api.service.Target;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The registry over REST: {@code /devices}. */
final class RegistryCalls implements DeviceRegistry {

    private static final int MOST_BULK = 100;

    private final Wire wire;

    RegistryCalls(Wire wire) {
        this.wire = wire;
    }

    private static Ask at(String method, Target target) {
        return target.module().map(module -> Ask.of(method, "devices", target.device(), "modules", module))
                .orElseGet(() -> Ask.of(method, "devices", target.device()));
    }

    private static Values named(Target target, Values document) {
        Values.Builder named = Values.builder().put("deviceId", target.device());
        target.module().ifPresent(module -> named.put("moduleId", module));
        document.forEach((name, value) -> {
            if (!name.equals("deviceId") && !name.equals("moduleId")) {
                named.put(name, value);
            }
        });
        return named.build();
    }

    @Override
    public CompletionStage<Values> create(Target target, Values wanted) {
        // Said twice, the second would be told that it is there already.
        return wire.ask(Json.body(at("PUT", target).once(), named(target, wanted))).thenApply(Reply::object);
    }

    @Override
    public CompletionStage<Values> find(Target target) {
        return wire.ask(at("GET", target)).thenApply(Reply::object);
    }

    @Override
    public CompletionStage<Values> update(Target target, Values document, Optional<String> ifMatch) {
        return wire.ask(Json.body(at("PUT", target).ifMatch(ifMatch), named(target, document))).thenApply(Reply::object);
    }

    @Override
    public CompletionStage<Void> delete(Target target, Optional<String> ifMatch) {
        return wire.ask(at("DELETE", target).ifMatch(ifMatch)).thenAccept(reply -> { });
    }

    @Override
    public CompletionStage<List<Values>> devices(int most) {
        if (most < 1 || most > 1000) {
            throw new IllegalArgumentException("a list of " + most + " devices must be of 1 to 1000; leaf through more with a query");
        }
        return wire.ask(Ask.of("GET", "devices").with("top", String.valueOf(most))).thenApply(Reply::objects);
    }

    @Override
    public CompletionStage<List<Values>> modules(String device) {
        return wire.ask(Ask.of("GET", "devices", Target.of(device).device(), "modules")).thenApply(Reply::objects);
    }

    @Override
    public CompletionStage<Values> bulk(List<Values> changes) {
        if (changes.isEmpty() || changes.size() > MOST_BULK) {
            throw new IllegalArgumentException(changes.size() + " changes in one step must be 1 to " + MOST_BULK);
        }
        return wire.ask(Json.body(Ask.of("POST", "devices").once(), changes), RegistryCalls::toldEach).thenApply(Reply::object);
    }

    // Where each change has its own answer the whole has the status of a refusal.
    private static boolean toldEach(Reply reply) {
        return reply.status() == 400 && reply.body().text().contains("\"isSuccessful\"");
    }

    @Override
    public CompletionStage<Values> statistics() {
        return wire.ask(Ask.of("GET", "statistics", "devices")).thenApply(Reply::object);
    }
}
