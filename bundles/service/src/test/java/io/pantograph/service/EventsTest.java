package io.pantograph.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.service.DeviceEvent;
import io.pantograph.api.service.EventFilter;
import io.pantograph.api.service.EventListener;
import io.pantograph.api.service.EventWatch;
import io.pantograph.api.service.ServiceException;
import io.pantograph.testkit.Await;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The event stream as the hub tells it. */
class EventsTest {

    private static final class Heard implements EventListener {

        final List<DeviceEvent> events = new CopyOnWriteArrayList<>();
        final List<String> gaps = new CopyOnWriteArrayList<>();
        final CompletableFuture<Optional<ServiceException>> ended = new CompletableFuture<>();
        volatile int listening;

        @Override
        public void listening() {
            listening++;
        }

        @Override
        public void event(DeviceEvent event) {
            events.add(event);
        }

        @Override
        public void missed(long from, long to) {
            gaps.add(from + "-" + to);
        }

        @Override
        public void ended(Optional<ServiceException> why) {
            ended.complete(why);
        }
    }

    private final Heard heard = new Heard();
    private final CountDownLatch over = new CountDownLatch(1);
    private FakeHub hub;

    @BeforeEach
    void open() throws Exception {
        hub = new FakeHub();
    }

    @AfterEach
    void close() throws Exception {
        over.countDown();
        hub.close();
    }

    private static String event(long number, String device) {
        return "id: " + number + "\nevent: telemetry\ndata: {\"sequence\":" + number + ",\"enqueuedTime\":\"2026-01-01T00:00:00.000Z\",\"deviceId\":\"" + device
                + "\",\"source\":\"Telemetry\",\"systemProperties\":{\"message-id\":\"1\"},\"properties\":{\"a\":null,\"b\":\"\"},"
                + "\"bodyFormat\":\"base64\",\"body\":\"aMOp\"}\n\n";
    }

    private FakeHub.Answer saying(boolean stays, String... texts) {
        return exchange -> {
            FakeHub.stream(exchange);
            for (String text : texts) {
                FakeHub.say(exchange, text);
            }
            if (stays) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    @Test
    void eventsAreTold() {
        hub.answer(saying(true, ": listening at 17\nid: 16\n\n", event(17, "dev1"), ": alive\r\n\r\n", event(20, "dev2").replace("\n", "\r\n")));
        EventWatch watch = hub.client().watch(EventFilter.latest(), heard);
        Await.until("two events", () -> heard.events.size() == 2);
        DeviceEvent first = heard.events.get(0);
        assertEquals(17, first.sequence());
        assertEquals("dev1", first.device());
        assertEquals(Optional.empty(), first.module());
        assertEquals("Telemetry", first.source());
        assertEquals(Instant.parse("2026-01-01T00:00:00Z"), first.enqueued());
        assertEquals(Map.of("message-id", "1"), first.system());
        assertEquals(new java.util.HashMap<>() {{ put("a", null); put("b", ""); }}, first.properties());
        assertEquals(Bytes.utf8("h\u00e9"), first.body());
        assertEquals(20, heard.events.get(1).sequence());
        assertEquals(Optional.of("api-version=2021-04-12&body=base64&from=latest"), hub.asked(0).query());
        assertTrue(hub.asked(0).headers().get("authorization").startsWith("SharedAccessSignature "));
        watch.close();
        assertEquals(Optional.empty(), Await.result(heard.ended));
    }

    @Test
    void whatIsWantedIsAskedFor() {
        hub.answer(saying(true, ": hello\n\n"));
        hub.client().watch(new EventFilter(Optional.of("d 1".replace(' ', '=')), Optional.of("m"), Optional.of("Telemetry"),
                new EventFilter.Since(Instant.parse("2026-01-01T10:00:00Z"))), heard);
        Await.until("asked", () -> hub.asked.size() == 1);
        assertEquals(Optional.of("api-version=2021-04-12&device=d%3D1&module=m&source=Telemetry&body=base64&from=2026-01-01T10%3A00%3A00Z"), hub.asked(0).query());
    }

    @Test
    void afterABreakItGoesOnWhereItWas() {
        hub.answer(saying(false, "id: 16\n\n", event(17, "dev1"), "id: 18\ndata: {\"half")).answer(saying(true, event(18, "dev1")));
        hub.client().watch(EventFilter.latest(), heard);
        Await.until("both events", () -> heard.events.size() == 2);
        assertEquals(List.of(17L, 18L), heard.events.stream().map(DeviceEvent::sequence).toList());
        assertEquals(2, heard.listening);
        // What was told by half is asked for again.
        assertTrue(hub.asked(1).query().get().endsWith("from=18"), hub.asked(1).query().get());
    }

    // The first connection may break before anything was sent.
    @Test
    void whatComesBetweenTwoConnectionsIsNotMissed() {
        hub.answer(saying(false, ": listening at 17\nid: 16\n\n")).answer(saying(true, event(17, "dev1")));
        hub.client().watch(EventFilter.latest(), heard);
        Await.until("asked again", () -> hub.asked.size() == 2);
        assertTrue(hub.asked(1).query().get().endsWith("from=17"), hub.asked(1).query().get());
    }

    @Test
    void gapsAndEndsAreNoEvents() {
        hub.answer(saying(false, "event: gap\ndata: {\"from\":5,\"to\":90}\n\n", "event: end\ndata: {\"reason\":\"tooSlow\"}\n\n")).answer(saying(true, event(90, "d")));
        hub.client().watch(EventFilter.latest().from(new EventFilter.Sequence(5)), heard);
        Await.until("the event", () -> heard.events.size() == 1);
        assertEquals(List.of("5-90"), heard.gaps);
    }

    @Test
    void aHubWithoutSuchAStreamIsNamedAsSuch() {
        hub.answer(404, "<html>");
        hub.client().watch(EventFilter.latest(), heard);
        ServiceException why = Await.result(heard.ended).orElseThrow();
        assertEquals(ServiceException.NO_EVENTS, why.error());
        assertTrue(why.getMessage().contains("AMQP"), why.getMessage());
    }

    @Test
    void aRefusalEndsIt() {
        hub.answer(401, "{\"Message\":\"ErrorCode:IotHubUnauthorized;no\"}");
        hub.client().watch(EventFilter.latest(), heard);
        assertEquals(401, Await.result(heard.ended).orElseThrow().status());
    }

    @Test
    void aConnectionThatSaysNothingIsCut() {
        hub.answer(saying(true, "id: 16\n\n")).answer(saying(true, event(17, "d")));
        hub.client().watch(EventFilter.latest(), heard);
        Await.until("listening", () -> hub.clock.waiting() > 0);
        hub.clock.advance(java.time.Duration.ofSeconds(45));
        assertEquals(1, hub.asked.size());
        hub.clock.advance(java.time.Duration.ofSeconds(45));
        Await.until("the event of the next", () -> heard.events.size() == 1);
    }

    @Test
    void aListenerThatFailsEndsIt() {
        hub.answer(saying(true, event(17, "d")));
        CompletableFuture<Optional<ServiceException>> ended = new CompletableFuture<>();
        hub.client().watch(EventFilter.latest(), new EventListener() {
            @Override
            public void event(DeviceEvent event) {
                throw new IllegalStateException("full");
            }

            @Override
            public void ended(Optional<ServiceException> why) {
                ended.complete(why);
            }
        });
        assertTrue(Await.result(ended).orElseThrow().getMessage().contains("full"));
    }
}
