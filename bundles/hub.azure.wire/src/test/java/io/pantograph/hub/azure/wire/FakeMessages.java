package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Queues as the hub has them: what is taken is locked until it is settled; who abandons wakes. */
final class FakeMessages implements CloudMessages {

    final List<String> settled = new CopyOnWriteArrayList<>();
    /** Runs once, when nothing was found but nobody knows yet. */
    Runnable meanwhile = () -> { };
    Consumer<Identity> waiting = identity -> { };
    private final List<CloudMessage> queue = new ArrayList<>();
    private final Set<Long> locked = new HashSet<>();
    private long number;

    @Override
    public synchronized CloudMessage send(Identity to, Map<String, String> system, Map<String, String> properties, Bytes body) {
        CloudMessage message = new CloudMessage(++number, to, system, properties, body, Instant.EPOCH, Instant.MAX, 0);
        queue.add(message);
        return message;
    }

    @Override
    public synchronized Optional<CloudMessage> take(Identity to) {
        Optional<CloudMessage> first = queue.stream().filter(message -> message.to().equals(to) && !locked.contains(message.number())).findFirst();
        first.ifPresent(message -> locked.add(message.number()));
        if (first.isEmpty()) {
            Runnable then = meanwhile;
            meanwhile = () -> { };
            then.run();
        }
        return first;
    }

    @Override
    public synchronized CompletionStage<Void> complete(CloudMessage message) {
        settled.add(message.number() + " complete");
        queue.remove(message);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> abandon(CloudMessage message) {
        settled.add(message.number() + " abandoned");
        locked.remove(message.number());
        waiting.accept(message.to());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized int count(Identity to) {
        return queue.size();
    }

    @Override
    public Map<Identity, Integer> counts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int purge(Identity to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Feedback> feedback() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean settle(String lock, boolean done) {
        throw new UnsupportedOperationException();
    }
}
