package io.pantograph.hub;

import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** An MQTT front that only writes down what it is told. */
final class FakeTransport implements HubTransport {

    record Said(String how, String topic, Bytes payload, Qos qos) {
    }

    final List<Said> said = new CopyOnWriteArrayList<>();
    final List<String> forgotten = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Void> toClient(String session, String topic, Bytes payload, Qos qos) {
        throw new AssertionError("not used by Watson's rules");
    }

    @Override
    public CompletionStage<Void> handOver(String session, String topic, Bytes payload, Qos qos) {
        throw new AssertionError("not used by Watson's rules");
    }

    @Override
    public CompletionStage<Void> route(String topic, Bytes payload, Qos qos) {
        said.add(new Said("route", topic, payload, qos));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> retain(String topic, Bytes payload, Qos qos) {
        said.add(new Said("retain", topic, payload, qos));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void drop(String session, String reason) {
        throw new AssertionError("not used by Watson's rules");
    }

    @Override
    public void forget(String session) {
        forgotten.add(session);
    }

    /** What was said of this topic, oldest first. */
    List<Said> of(String topic) {
        List<Said> found = new ArrayList<>(said);
        found.removeIf(each -> !each.topic().equals(topic));
        return found;
    }
}
