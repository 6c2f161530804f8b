package io.pantograph.transport.paho;

import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.transport.ConnectionEvents;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Login;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.TimerPingSender;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** One attempt to connect and log in. */
final class Dial implements IMqttActionListener {

    private static final int CONNECT_SECONDS = 10;
    /** Never reached by an owner with a window; each place costs memory. */
    private static final int MOST_UNDER_WAY = 2_000;

    private final Endpoint endpoint;
    private final Login login;
    private final SSLContext trust;
    private final ConnectionEvents events;
    private final Duration limit;
    private final Lines lines;
    private final Wire wire;
    private final CompletableFuture<Connection> outcome = new CompletableFuture<>();
    private Line line;

    Dial(Endpoint endpoint, Login login, SSLContext trust, ConnectionEvents events, Duration limit, Lines lines) {
        this.endpoint = endpoint;
        this.login = login;
        this.trust = trust;
        this.events = events;
        this.limit = limit;
        this.lines = lines;
        wire = new Wire(endpoint.scheme().webSocket());
    }

    CompletableFuture<Connection> start() {
        if (lines.isClosed()) {
            outcome.completeExceptionally(Reasons.stopping());
            return outcome;
        }
        try {
            PahoThreads threads = new PahoThreads(lines, wire);
            MqttAsyncClient client = new MqttAsyncClient(uri(), login.clientId(), new MemoryPersistence(), new TimerPingSender(), threads);
            line = new Line(client, wire, threads, outcome, events, lines);
            client.setManualAcks(true);
            client.setCallback(line);
            setAlarm();
            client.connect(options(), null, this);
        } catch (MqttException | RuntimeException e) {
            fail(Reasons.of(e, endpoint));
        }
        return outcome;
    }

    private void setAlarm() {
        ScheduledFuture<?> alarm = lines.later(limit.toMillis(), TimeUnit.MILLISECONDS, () -> fail(new TransportException(
                Reason.TIMEOUT, endpoint + " did not answer within " + limit.toMillis() + " ms", null)));
        outcome.whenComplete((connection, failure) -> {
            if (alarm != null) {
                alarm.cancel(false);
            }
            if (outcome.isCancelled()) {
                line.discard();
            }
        });
    }

    private String uri() {
        String scheme = switch (endpoint.scheme()) {
            case TCP -> "tcp";
            case TLS -> "ssl";
            case WS -> "ws";
            case WSS -> "wss";
        };
        boolean bareIpv6 = endpoint.host().indexOf(':') >= 0 && !endpoint.host().startsWith("[");
        String host = bareIpv6 ? '[' + endpoint.host() + ']' : endpoint.host();
        return scheme + "://" + host + ':' + endpoint.port() + (endpoint.scheme().webSocket() ? endpoint.path() : "");
    }

    private MqttConnectOptions options() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1); // the default tries a refused login again as 3.1
        options.setAutomaticReconnect(false);
        options.setCleanSession(login.cleanSession());
        options.setKeepAliveInterval((int) Math.min(65_535, login.keepAlive().toSeconds()));
        options.setConnectionTimeout(CONNECT_SECONDS);
        options.setMaxInflight(MOST_UNDER_WAY);
        options.setHttpsHostnameVerificationEnabled(true);
        options.setSocketFactory(sockets());
        login.user().ifPresent(options::setUserName);
        login.password().ifPresent(password -> options.setPassword(password.reveal().toCharArray()));
        return options;
    }

    private SocketFactory sockets() {
        return endpoint.scheme().secure() ? new TlsSockets(trust.getSocketFactory(), wire) : new PlainSockets(wire);
    }

    @Override
    public void onSuccess(IMqttToken token) {
        line.opened();
    }

    @Override
    public void onFailure(IMqttToken token, Throwable cause) {
        fail(Reasons.of(cause, endpoint));
    }

    private void fail(TransportException cause) {
        outcome.completeExceptionally(cause); // before the socket is closed, which Paho reports as another failure
        if (line != null) {
            line.discard();
        }
    }
}
