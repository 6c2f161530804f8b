package io.pantograph.hub.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.Json;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import io.pantograph.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told to whom. */
class WatchingTest {

    private static final Access ACCESS = new Access() {
        @Override
        public String org() {
            return "edge01";
        }

        @Override
        public Optional<HubIdentity> application(String user, Secret secret) {
            return user.equals("key") && secret.equals(Secret.of("token"))
                    ? Optional.of(new HubIdentity(HubIdentity.Kind.APPLICATION, "edge01", Optional.empty(), Optional.of("key"), Optional.empty()))
                    : Optional.empty();
        }

        @Override
        public Optional<HubIdentity> device(DeviceId device, Secret token) {
            return Optional.empty();
        }
    };

    /** As much of JSON as this test needs. */
    private static final Json JSON = new Json() {
        @Override
        public Bytes write(Object data) {
            return Bytes.utf8(String.valueOf(data));
        }

        @Override
        public Object read(Bytes text) throws CodecException {
            try {
                return Integer.valueOf(text.text());
            } catch (NumberFormatException e) {
                throw new CodecException("no number");
            }
        }
    };

    private static final class Sink implements HttpAnswer.Sink {

        private final List<String> sent = new ArrayList<>();
        private Runnable then = () -> { };
        private boolean ended;

        @Override
        public boolean send(Bytes chunk) {
            sent.add(chunk.text());
            return true;
        }

        @Override
        public void whenEnded(Runnable given) {
            then = given;
        }

        @Override
        public void end() {
            ended = true;
            then.run();
        }
    }

    private final Watching room = new Watching(ACCESS, JSON);

    @AfterEach
    void close() {
        room.close();
    }

    private HttpAnswer ask(String method, String path, String login, Map<String, String> query) {
        String basic = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        return Await.result(room.answer(new HttpRequest(method, path, query, Map.of("authorization", basic), Bytes.EMPTY, Optional.empty())));
    }

    private Sink watch(Map<String, String> query) {
        Sink sink = new Sink();
        ((HttpAnswer.Live) ask("GET", "/watson/events", "key:token", query)).begin().accept(sink);
        return sink;
    }

    private void pass(Direction direction, String type, String id, String name, Bytes payload) {
        room.message(new HubMessage(Instant.parse("2026-01-01T00:00:00Z"), direction, new DeviceId(type, id), name, "json", payload, Qos.AT_LEAST_ONCE));
    }

    @Test
    void everyEventIsTold() {
        Sink sink = watch(Map.of());
        pass(Direction.EVENT, "meter", "m-1", "reading", Bytes.utf8("7"));
        pass(Direction.COMMAND, "meter", "m-1", "go", Bytes.utf8("8"));
        assertEquals(List.of(": listening\n\n", "data: {time=2026-01-01T00:00:00.000Z, typeId=meter, deviceId=m-1, direction=event, name=reading, format=json, qos=1, "
                + "payload=7, payloadFormat=json}\n\n"), sink.sent);
    }

    @Test
    void onlyWhatIsWantedIsTold() {
        Sink sink = watch(Map.of("type", "meter", "device", "m-1", "event", "reading", "commands", "true", "body", "base64"));
        pass(Direction.EVENT, "other", "m-1", "reading", Bytes.utf8("1"));
        pass(Direction.EVENT, "meter", "m-2", "reading", Bytes.utf8("2"));
        pass(Direction.EVENT, "meter", "m-1", "status", Bytes.utf8("3"));
        pass(Direction.COMMAND, "meter", "m-1", "reading", Bytes.of((byte) 0xff));
        assertEquals(2, sink.sent.size());
        assertTrue(sink.sent.get(1).contains("direction=command") && sink.sent.get(1).contains("payload=/w==, payloadFormat=base64"), sink.sent.get(1));
    }

    @Test
    void textAndBytesAreToldAsSuch() {
        Sink sink = watch(Map.of());
        pass(Direction.EVENT, "meter", "m-1", "reading", Bytes.utf8("hot"));
        pass(Direction.EVENT, "meter", "m-1", "reading", Bytes.of((byte) 0xff));
        assertTrue(sink.sent.get(1).contains("payload=hot, payloadFormat=text"), sink.sent.get(1));
        assertTrue(sink.sent.get(2).contains("payload=/w==, payloadFormat=base64"), sink.sent.get(2));
    }

    @Test
    void whoHasLeftIsToldNothing() {
        Sink sink = watch(Map.of());
        sink.end();
        pass(Direction.EVENT, "meter", "m-1", "reading", Bytes.utf8("7"));
        assertEquals(1, sink.sent.size());
    }

    @Test
    void whoHasNoKeyIsNotLetIn() {
        assertEquals(401, ask("GET", "/watson/events", "key:wrong", Map.of()).status());
        assertEquals(401, Await.result(room.answer(new HttpRequest("GET", "/watson/events", Map.of(), Map.of(), Bytes.EMPTY, Optional.empty()))).status());
        assertEquals(404, ask("GET", "/watson/other", "key:token", Map.of()).status());
        assertEquals(405, ask("POST", "/watson/events", "key:token", Map.of()).status());
    }

    @Test
    void thereAreOnlySoMany() {
        for (int i = 0; i < 64; i++) {
            watch(Map.of());
        }
        assertEquals(429, ask("GET", "/watson/events", "key:token", Map.of()).status());
    }

    @Test
    void theHubsEndEndsThem() {
        Sink sink = watch(Map.of());
        room.close();
        assertTrue(sink.ended);
    }
}
