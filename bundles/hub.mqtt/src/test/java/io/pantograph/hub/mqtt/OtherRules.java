package io.pantograph.hub.mqtt;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Another cloud: claims client ids that begin with {@code x:}, keeps its sessions itself, and takes everything that is published. */
final class OtherRules implements HubRules {

    record Client(String clientId, boolean resumed) implements HubClient {

        @Override
        public String session() {
            return "other/" + clientId;
        }

        @Override
        public boolean kept() {
            return false;
        }
    }

    final BlockingQueue<HubClient> arrivals = new LinkedBlockingQueue<>();
    final BlockingQueue<Departure> departures = new LinkedBlockingQueue<>();
    final AtomicInteger present = new AtomicInteger();
    final BlockingQueue<Publication> said = new LinkedBlockingQueue<>();
    /** {@code +filter qos} and {@code -filter}. */
    final BlockingQueue<String> filters = new LinkedBlockingQueue<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    @Override
    public boolean claims(LoginAttempt attempt) {
        return attempt.clientId().startsWith("x:");
    }

    @Override
    public LoginVerdict login(LoginAttempt attempt) {
        boolean resumed = !known.add(attempt.clientId()) && !attempt.cleanSession();
        return new LoginVerdict.Accepted(new Client(attempt.clientId(), resumed));
    }

    @Override
    public void connected(HubClient client) {
        present.incrementAndGet();
        arrivals.add(client);
    }

    @Override
    public void disconnected(HubClient client, Departure departure) {
        departures.add(departure);
        present.decrementAndGet();
    }

    @Override
    public FilterVerdict filter(HubClient client, String filter, Qos qos) {
        if (filter.startsWith("kick")) {
            return new FilterVerdict.Disconnect("not here");
        }
        return filter.startsWith("no") ? new FilterVerdict.Refuse("no") : new FilterVerdict.Use("other/" + filter, qos == Qos.EXACTLY_ONCE ? Qos.AT_LEAST_ONCE : qos);
    }

    @Override
    public void subscribed(HubClient client, String filter, Qos qos) {
        filters.add('+' + filter + ' ' + qos.level());
    }

    @Override
    public void unsubscribed(HubClient client, String filter) {
        filters.add('-' + filter);
    }

    @Override
    public PublishVerdict publish(HubClient client, String topic, Bytes payload, Qos qos) {
        throw new AssertionError("the front asks the other one");
    }

    @Override
    public PublishVerdict publish(HubClient client, Publication publication) {
        said.add(publication);
        return new PublishVerdict.Consumed();
    }

    @Override
    public String deliver(HubClient client, String topic) {
        return topic;
    }
}
