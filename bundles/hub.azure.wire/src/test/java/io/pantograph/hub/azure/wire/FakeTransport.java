package io.pantograph.hub.azure.wire;

import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An MQTT front whose clients acknowledge at once unless told otherwise. */
final class FakeTransport implements HubTransport {

    record Told(String session, String topic, String text, Qos qos, CompletableFuture<Void> acknowledged) {
    }

    final List<Told> told = new CopyOnWriteArrayList<>();
    final Map<String, String> dropped = new ConcurrentHashMap<>();
    final Set<String> present = ConcurrentHashMap.newKeySet();
    volatile boolean silent;

    @Override
    public synchronized CompletionStage<Void> handOver(String session, String topic, Bytes payload, Qos qos) {
        if (!present.contains(session)) {
            return CompletableFuture.failedFuture(new IllegalStateException("no connection"));
        }
        Told one = new Told(session, topic, payload.text(), qos, new CompletableFuture<>());
        told.add(one);
        if (!silent) {
            one.acknowledged.complete(null);
        }
        return one.acknowledged;
    }

    /** What waits for its acknowledgement fails, as when the connection ends; nothing is handed over in the middle of that. */
    synchronized void cut(String session) {
        present.remove(session);
        told.stream().filter(one -> one.session.equals(session))
                .forEach(one -> one.acknowledged.completeExceptionally(new IllegalStateException("the connection ended")));
    }

    Told last() {
        return told.get(told.size() - 1);
    }

    @Override
    public void drop(String session, String reason) {
        dropped.put(session, reason);
    }

    @Override
    public void forget(String session) {
        throw new AssertionError("sessions of Azure are not the front's");
    }

    @Override
    public CompletionStage<Void> toClient(String session, String topic, Bytes payload, Qos qos) {
        throw new AssertionError("not used by Azure's rules");
    }

    @Override
    public CompletionStage<Void> route(String topic, Bytes payload, Qos qos) {
        throw new AssertionError("not used by Azure's rules");
    }

    @Override
    public CompletionStage<Void> retain(String topic, Bytes payload, Qos qos) {
        throw new AssertionError("not used by Azure's rules");
    }
}
