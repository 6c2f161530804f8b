package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.Event;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Bytes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An event log in memory, which forgets when told. */
final class FakeLog implements EventLog {

    final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Clock clock;
    private long next = 1;
    boolean broken;

    FakeLog(Clock clock) {
        this.clock = clock;
    }

    long say(String device, String body) {
        return append(Identity.of(device), "Telemetry", Map.of(), Map.of(), Bytes.utf8(body.replace('\'', '"')));
    }

    @Override
    public synchronized long append(Identity from, String source, Map<String, String> system, Map<String, String> properties, Bytes body) {
        events.add(new Event(next, clock.instant(), from, source, system, properties, body));
        followers.forEach(Runnable::run);
        return next++;
    }

    synchronized void forget(int many) {
        events.subList(0, many).clear();
    }

    @Override
    public synchronized long end() {
        return next;
    }

    @Override
    public synchronized long since(Instant time) {
        return events.stream().filter(each -> !each.enqueued().isBefore(time)).mapToLong(Event::sequence).findFirst().orElse(next);
    }

    @Override
    public synchronized List<Event> read(long from, int most) {
        if (broken) {
            throw new IllegalStateException("the disk is gone");
        }
        return events.stream().filter(each -> each.sequence() >= from).limit(most).toList();
    }

    @Override
    public AutoCloseable follow(Runnable wake) {
        followers.add(wake);
        return () -> followers.remove(wake);
    }
}
