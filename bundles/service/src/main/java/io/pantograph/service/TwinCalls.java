package io.pantograph.service;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceTwins;
import io.pantograph.api.service.Target;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The twins over REST: {@code /twins}. */
final class TwinCalls implements DeviceTwins {

    private final Wire wire;

    TwinCalls(Wire wire) {
        this.wire = wire;
    }

    private static Ask at(String method, Target target) {
        return target.module().map(module -> Ask.of(method, "twins", target.device(), "modules", module))
                .orElseGet(() -> Ask.of(method, "twins", target.device()));
    }

    @Override
    public CompletionStage<Values> find(Target target) {
        return wire.ask(at("GET", target)).thenApply(Reply::object);
    }

    @Override
    public CompletionStage<Values> patch(Target target, Values patch, Optional<String> ifMatch) {
        return wire.ask(Json.body(at("PATCH", target).ifMatch(ifMatch), patch)).thenApply(Reply::object);
    }

    @Override
    public CompletionStage<Values> replace(Target target, Values twin, Optional<String> ifMatch) {
        return wire.ask(Json.body(at("PUT", target).ifMatch(ifMatch), twin)).thenApply(Reply::object);
    }
}
