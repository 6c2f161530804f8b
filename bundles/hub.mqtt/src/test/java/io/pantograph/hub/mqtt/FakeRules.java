package io.pantograph.hub.mqtt;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cloud of a few rules: client ids begin with {@code d:} (device; sees its own topics only, rewritten), {@code a:} (application; sees all) or
 * {@code A:} (application whose connections share one client id); the password is {@code secret}.
 */
final class FakeRules implements HubRules {

    static final int MOST = 131_072;

    record Client(String clientId, String session) implements HubClient {

        boolean device() {
            return clientId.startsWith("d:");
        }

        boolean shared() {
            return clientId.startsWith("A:");
        }
    }

    record Left(HubClient client, Departure departure) {
    }

    final BlockingQueue<LoginAttempt> attempts = new LinkedBlockingQueue<>();
    final BlockingQueue<HubClient> arrivals = new LinkedBlockingQueue<>();
    final BlockingQueue<Left> departures = new LinkedBlockingQueue<>();
    final BlockingQueue<String> eaten = new LinkedBlockingQueue<>();
    /** How many are here now. */
    final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger instances = new AtomicInteger();

    @Override
    public LoginVerdict login(LoginAttempt attempt) {
        attempts.add(attempt);
        String id = attempt.clientId();
        if (!id.matches("[daA]:[a-z0-9]+")) {
            return new LoginVerdict.Refused(LoginVerdict.Code.BAD_CLIENT_ID, "odd client id");
        }
        if (!attempt.password().equals(java.util.Optional.of(Secret.of("secret")))) {
            return new LoginVerdict.Refused(LoginVerdict.Code.NOT_AUTHORIZED, "wrong token");
        }
        return new LoginVerdict.Accepted(new Client(id, id.startsWith("A:") ? id + '#' + instances.incrementAndGet() : id));
    }

    @Override
    public void connected(HubClient client) {
        present.incrementAndGet();
        arrivals.add(client);
    }

    @Override
    public void disconnected(HubClient client, Departure departure) {
        departures.add(new Left(client, departure));
        present.decrementAndGet();
    }

    @Override
    public FilterVerdict filter(HubClient client, String filter, Qos qos) {
        Client who = (Client) client;
        if (filter.startsWith("kick")) {
            return new FilterVerdict.Disconnect("nobody may subscribe to " + filter);
        }
        if (who.device()) {
            return filter.startsWith("cmd/") ? new FilterVerdict.Use(own(who) + filter, qos) : new FilterVerdict.Refuse("not yours");
        }
        return new FilterVerdict.Use(who.shared() ? "$share/" + who.clientId().substring(2) + '/' + filter : filter, qos);
    }

    @Override
    public PublishVerdict publish(HubClient client, String topic, Bytes payload, Qos qos) {
        Client who = (Client) client;
        if (topic.startsWith("kick") || payload.length() > MOST) {
            return new PublishVerdict.Disconnect("not allowed");
        }
        if (topic.startsWith("eat")) {
            eaten.add(payload.text());
            return new PublishVerdict.Consumed();
        }
        return new PublishVerdict.Route(who.device() ? own(who) + topic : topic);
    }

    @Override
    public String deliver(HubClient client, String topic) {
        Client who = (Client) client;
        return who.device() && topic.startsWith(own(who)) ? topic.substring(own(who).length()) : topic;
    }

    private static String own(Client who) {
        return "dev/" + who.clientId().substring(2) + '/';
    }

    Left left(String clientId) throws InterruptedException {
        for (Left left = departures.poll(10, TimeUnit.SECONDS); left != null; left = departures.poll(10, TimeUnit.SECONDS)) {
            if (left.client().clientId().equals(clientId)) {
                return left;
            }
        }
        throw new AssertionError(clientId + " was not said to have left");
    }
}
