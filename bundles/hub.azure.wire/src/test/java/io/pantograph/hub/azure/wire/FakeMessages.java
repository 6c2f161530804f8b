package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One queue; what is taken stays its first and is locked. */
final class FakeMessages implements CloudMessages {

    final List<String> settled = new ArrayList<>();
    private final Deque<CloudMessage> queue = new ArrayDeque<>();
    private boolean locked;
    private long number;

    @Override
    public synchronized CloudMessage send(Identity to, Map<String, String> system, Map<String, String> properties, Bytes body) {
        CloudMessage message = new CloudMessage(++number, to, system, properties, body, Instant.EPOCH, Instant.MAX, 0);
        queue.add(message);
        return message;
    }

    @Override
    public synchronized Optional<CloudMessage> take(Identity to) {
        if (locked || queue.isEmpty() || !queue.peek().to().equals(to)) {
            return Optional.empty();
        }
        locked = true;
        return Optional.of(queue.peek());
    }

    @Override
    public synchronized CompletionStage<Void> complete(CloudMessage message) {
        settled.add(message.number() + " complete");
        queue.remove();
        locked = false;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> abandon(CloudMessage message) {
        settled.add(message.number() + " abandoned");
        locked = false;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized int count(Identity to) {
        return queue.size();
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
