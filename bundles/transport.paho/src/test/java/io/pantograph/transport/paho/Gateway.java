package io.pantograph.transport.paho;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.News;
import io.pantograph.api.core.Outbox;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.Session;
import io.pantograph.api.core.Sessions;
import io.pantograph.api.core.Settings;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.PlainCodecs;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.osgi.framework.Bundle;

/** The lower half of a gateway, packaged as it ships: outbox, session and transport, with a small dialect of the test's own above. */
final class Gateway implements AutoCloseable {

    final Felix felix;
    final Bundle outbox;
    final Bundle session;
    final Bundle transport;
    final List<Command> commands = new CopyOnWriteArrayList<>();
    final List<DeviceStatus> statuses = new CopyOnWriteArrayList<>();
    volatile Function<Command, CompletionStage<CommandResult>> handler = command -> completedFuture(CommandResult.ok());

    Gateway(Path folder) throws Exception {
        felix = Felix.start(folder.resolve("felix"));
        felix.context().registerService(Settings.class, new PlainSettings(folder), null);
        felix.context().registerService(Codecs.class, new PlainCodecs(new Text(), "text"), null);
        felix.context().registerService(News.class, new Heard(), null);
        felix.context().registerService(CommandDispatcher.class, command -> {
            commands.add(command);
            return handler.apply(command);
        }, null);
        felix.library("org.eclipse.paho.client.mqttv3-").start();
        outbox = felix.library("outbox-");
        session = felix.library("session-");
        transport = felix.room("transport.paho");
        outbox.start();
        session.start();
        transport.start();
    }

    OutboxLane lane(DeviceId device) {
        return felix.service(Outbox.class).lane(device);
    }

    Session open(Endpoint endpoint, DeviceId device, String token, boolean cleanSession) {
        return felix.service(Sessions.class).open(new PlainProfile(endpoint, device, token, cleanSession), lane(device));
    }

    static Reading reading(String text, Qos qos) {
        return new Reading("status", "text", Bytes.utf8(text), qos, Map.of(), Optional.empty(), Optional.empty(), Instant.now(), Optional.empty());
    }

    @Override
    public void close() throws Exception {
        felix.close();
    }

    /** Events to {@code evt/NAME}, commands from {@code cmd/NAME/COMMAND}, all text. */
    private record PlainProfile(Endpoint endpoint, DeviceId device, String token, boolean cleanSession) implements Profile {

        @Override
        public Login login(Instant now) {
            return Broker.login(device.name(), token, cleanSession);
        }

        @Override
        public List<Subscription> subscriptions() {
            return List.of(new Subscription("cmd/" + device.name() + "/+", Qos.AT_LEAST_ONCE));
        }

        @Override
        public void check(Reading reading) {
            // takes everything
        }

        @Override
        public Frame frame(Reading reading) {
            return new Frame("evt/" + device.name(), reading.payload(), reading.qos());
        }

        @Override
        public Inbound read(String topic, Bytes payload) {
            return new Inbound.Call(device, topic.substring(topic.lastIndexOf('/') + 1), "text", payload);
        }
    }

    private static final class Text implements Codec {

        @Override
        public Bytes encode(Content content) {
            return Bytes.utf8((String) content.data());
        }

        @Override
        public Content decode(Bytes bytes) {
            return Content.of(bytes.text());
        }
    }

    private final class Heard implements News {

        @Override
        public void status(DeviceId device, DeviceStatus status) {
            statuses.add(status);
        }

        @Override
        public void condition(Condition condition) {
            // none is expected
        }

        @Override
        public long count(Condition.Kind kind) {
            return 0;
        }
    }
}
