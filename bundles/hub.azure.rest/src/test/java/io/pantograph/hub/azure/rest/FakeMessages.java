package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Queues that keep nothing. */
final class FakeMessages implements CloudMessages {

    private final FakeHub hub;
    private boolean told;

    FakeMessages(FakeHub hub) {
        this.hub = hub;
    }

    @Override
    public CloudMessage send(Identity to, Map<String, String> system, Map<String, String> properties, Bytes body) throws AzureException {
        hub.ask("send", to, Values.of(new TreeMap<>(system)), Values.of(new TreeMap<>(properties)), body.text().replace('"', '\''));
        FakeHub.known(to);
        Map<String, String> kept = new HashMap<>(system);
        kept.putIfAbsent("message-id", "made");
        return new CloudMessage(1, to, kept, properties, body, Instant.EPOCH, Instant.EPOCH, 0);
    }

    @Override
    public Optional<CloudMessage> take(Identity to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> complete(CloudMessage message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> abandon(CloudMessage message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int count(Identity to) {
        return 0;
    }

    @Override
    public Map<Identity, Integer> counts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int purge(Identity to) {
        hub.ask("purge", to);
        return 4;
    }

    @Override
    public Optional<Feedback> feedback() {
        hub.ask("feedback");
        Optional<Feedback> now = told ? Optional.empty() : Optional.of(new Feedback("lock1", List.of(Values.of("originalMessageId", "m1"))));
        told = true;
        return now;
    }

    @Override
    public boolean settle(String lock, boolean done) {
        hub.ask("settle", lock, done);
        return lock.equals("lock1");
    }
}
