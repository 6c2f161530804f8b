package io.pantograph.hub.manage;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Database;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.Management;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** The hub's own rules and database inside a framework, this room with a clock of the test's, and an MQTT front that only writes down. */
final class ManagedHub implements AutoCloseable {

    /** What devices were told. @param topic inside the hub */
    record Told(String topic, Values body) {
    }

    private static final Remote REMOTE = new Remote("192.0.2.7", 8883, true, false, Optional.empty());

    final ManualClock clock = new ManualClock();
    final Json json;
    final Registry registry;
    final Database database;
    private final Felix felix;
    private final HubRules rules;
    private final List<Told> told = new ArrayList<>();
    Office office;
    private ServiceRegistration<Management> offered;

    ManagedHub(Path folder) throws Exception {
        felix = Felix.start(folder.resolve("framework"));
        felix.context().registerService(Settings.class, new PlainSettings(Files.createDirectories(folder.resolve("home"))), null);
        for (String library : List.of("jackson-core-", "sqlite-jdbc-", "dialect.watson-", "hub-")) {
            felix.library(library);
        }
        for (Bundle bundle : felix.context().getBundles()) {
            if (bundle.getBundleId() != 0) {
                bundle.start();
            }
        }
        rules = felix.service(HubRules.class);
        json = felix.service(Json.class);
        registry = felix.service(Registry.class);
        database = felix.service(Database.class);
        registry.createType("pump", false, Values.EMPTY);
        registry.createType("gw", true, Values.EMPTY);
        open();
    }

    /** Begins the room anew, as a restart does. */
    void open() {
        if (offered != null) {
            offered.unregister();
        }
        office = new Office(database, registry, json, clock, clock.scheduler());
        office.addTransport(new Front());
        offered = felix.context().registerService(Management.class, office, null);
        settle();
    }

    /** With ' for ". */
    Values values(String text) {
        return read(Bytes.utf8(text.replace('\'', '"')));
    }

    private Values read(Bytes text) {
        try {
            return (Values) json.read(text);
        } catch (CodecException e) {
            throw new AssertionError(text.text(), e);
        }
    }

    /** A device that is connected. */
    Speaker device(String type, String name) {
        Secret token = registry.createDevice(new DeviceId(type, name), Optional.empty(), Values.EMPTY, Optional.empty(), "test").orElseThrow().token();
        LoginVerdict verdict = rules.login(new LoginAttempt((type.equals("gw") ? "g" : "d") + ":edge01:" + type + ':' + name,
                Optional.of("use-token-auth"), Optional.of(token), true, Duration.ofSeconds(60), Optional.empty(), REMOTE));
        HubClient client = ((LoginVerdict.Accepted) verdict).client();
        rules.connected(client);
        return new Speaker(client, new DeviceId(type, name));
    }

    /** Everything that is under way is done when this returns. */
    void settle() {
        clock.advance(Duration.ZERO);
        database.call(work -> null);
        clock.advance(Duration.ZERO);
        database.call(work -> null);
    }

    void advance(Duration by) {
        clock.advance(by);
        settle();
    }

    /** What was said since it was asked last. */
    List<Told> told() {
        settle();
        synchronized (told) {
            List<Told> all = List.copyOf(told);
            told.clear();
            return all;
        }
    }

    @Override
    public void close() throws Exception {
        felix.close();
    }

    /** One that is connected. */
    final class Speaker {

        final HubClient client;
        final DeviceId device;

        Speaker(HubClient client, DeviceId device) {
            this.client = client;
            this.device = device;
        }

        void say(String topic, String text) {
            PublishVerdict verdict = rules.publish(client, topic, Bytes.utf8(text.replace('\'', '"')), Qos.AT_LEAST_ONCE);
            if (!(verdict instanceof PublishVerdict.Consumed)) {
                throw new AssertionError(topic + ": " + verdict);
            }
            settle();
        }

        /** Says it and gives the code of the answer. */
        int ask(String path, String d) {
            told();
            say("iotdevice-1/" + path, "{'d':" + d + ",'reqId':'q'}");
            List<Told> answers = told().stream().filter(each -> each.topic.equals(down("response"))).toList();
            if (answers.size() != 1 || !answers.get(0).body.text("reqId").equals("q")) {
                throw new AssertionError(path + ": " + answers);
            }
            return (int) answers.get(0).body.integer("rc");
        }

        String down(String path) {
            return "iotdm-1/type/" + device.type() + "/id/" + device.name() + '/' + path;
        }

        void manage() {
            if (ask("mgmt/manage", "{'supports':{'deviceActions':true,'firmwareActions':true,'plugins-v1':true}}") != 200) {
                throw new AssertionError("not managed");
            }
        }

        /** The one thing that the device was told, which is on this path; gives the id to answer under. */
        String expect(String path, String d) {
            List<Told> all = told();
            if (all.size() != 1 || !all.get(0).topic.equals(down(path))) {
                throw new AssertionError("expected " + path + ", was told " + all);
            }
            if (d != null && !values(d).equals(all.get(0).body.get("d"))) {
                throw new AssertionError("expected " + d + ", was told " + all.get(0).body);
            }
            return all.get(0).body.text("reqId");
        }

        void answer(String id, int code) {
            say("iotdevice-1/response", "{'rc':" + code + ",'reqId':'" + id + "'}");
        }

        void firmware(String value) {
            say("iotdevice-1/notify", "{'d':{'fields':[{'field':'mgmt.firmware','value':" + value + "}]}}");
        }
    }

    private final class Front implements HubTransport {

        @Override
        public CompletionStage<Void> route(String topic, Bytes payload, Qos qos) {
            if (topic.startsWith("iotdm-1/")) {
                synchronized (told) {
                    told.add(new Told(topic, read(payload)));
                }
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> toClient(String session, String topic, Bytes payload, Qos qos) {
            throw new AssertionError("not used");
        }

        @Override
        public CompletionStage<Void> handOver(String session, String topic, Bytes payload, Qos qos) {
            throw new AssertionError("not used");
        }

        @Override
        public CompletionStage<Void> retain(String topic, Bytes payload, Qos qos) {
            throw new AssertionError("not used");
        }

        @Override
        public void drop(String session, String reason) {
            throw new AssertionError("not used");
        }

        @Override
        public void forget(String session) {
            // deleted devices
        }
    }
}
