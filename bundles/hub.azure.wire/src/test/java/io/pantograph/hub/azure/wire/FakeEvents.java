package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps all. */
final class FakeEvents implements EventLog {

    final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public synchronized long append(Identity from, String source, Map<String, String> system, Map<String, String> properties, Bytes body) {
        events.add(new Event(events.size(), Instant.EPOCH, from, source, Map.copyOf(system), Map.copyOf(properties), body));
        return events.size() - 1;
    }

    List<Event> of(String source) {
        return events.stream().filter(event -> event.source().equals(source)).toList();
    }

    Event telemetry() {
        List<Event> all = of("Telemetry");
        return all.get(all.size() - 1);
    }

    @Override
    public long end() {
        return events.size();
    }

    @Override
    public long since(Instant time) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Event> read(long from, int most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AutoCloseable follow(Runnable wake) {
        throw new UnsupportedOperationException();
    }
}
