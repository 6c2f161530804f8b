package io.pantograph.hub;

import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.dialect.watson.WatsonHub;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The whole room without a framework. */
final class Room implements AutoCloseable {

    static final Map<String, Object> WATSON = Map.of("pantograph.dialect.name", "watson");
    static final Remote PLAIN = new Remote("192.0.2.7", 1883, false, false, Optional.empty());
    static final Remote TLS = new Remote("192.0.2.7", 8883, true, false, Optional.empty());

    final ManualClock clock = new ManualClock();
    final PlainSettings settings;
    final FakeTransport transport = new FakeTransport();
    final WatsonHub dialect = new WatsonHub();
    final Hub hub;
    final Json json;
    final Devices devices;
    final Gate gate;
    final Journal journal;
    final Rules rules;

    Room(Path home) throws Exception {
        settings = new PlainSettings(home);
        hub = new Hub(settings, clock);
        json = hub.json();
        devices = hub.devices();
        gate = hub.gate();
        journal = hub.journal();
        rules = hub.rules();
        hub.addDialect(dialect, WATSON);
        hub.addTransport(transport);
    }

    /** Registers it, and its type if need be. @return its token */
    Secret register(String type, String name, boolean gateway) {
        devices.createType(type, gateway, Values.EMPTY);
        return devices.createDevice(new DeviceId(type, name), Optional.empty(), Values.EMPTY, Optional.empty(), "test")
                .map(Registry.Created::token).orElseThrow();
    }

    LoginVerdict login(String clientId, String user, Secret password, Remote remote) {
        return rules.login(new LoginAttempt(clientId, Optional.ofNullable(user), Optional.ofNullable(password), true,
                Duration.ofSeconds(60), Optional.empty(), remote));
    }

    HubClient enter(String clientId, String user, Secret password) {
        LoginVerdict verdict = login(clientId, user, password, PLAIN);
        if (verdict instanceof LoginVerdict.Accepted accepted) {
            rules.connected(accepted.client());
            return accepted.client();
        }
        throw new AssertionError(clientId + ": " + verdict);
    }

    HubClient device(String type, String name) {
        return enter("d:edge01:" + type + ':' + name, "use-token-auth", register(type, name, false));
    }

    HubClient gateway(String type, String name) {
        return enter("g:edge01:" + type + ':' + name, "use-token-auth", register(type, name, true));
    }

    HubClient application(String name) throws Exception {
        return enter("a:edge01:" + name, key(), apiToken());
    }

    String key() throws Exception {
        return Credentials.of(settings, devices.tokens()).key();
    }

    Secret apiToken() throws Exception {
        return Credentials.of(settings, devices.tokens()).token();
    }

    @Override
    public void close() {
        hub.close();
    }
}
