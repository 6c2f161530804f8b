package io.pantograph.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.SendStatus;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.operator.Parked;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.ChangingCodecs;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readings whose codec is away. */
class ParkingTest {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final ManualClock clock = new ManualClock();
    private final ChangingCodecs codecs = new ChangingCodecs();
    private final Fakes.RecordedNews news = new Fakes.RecordedNews();
    private final Fakes.ScriptedSessions sessions = new Fakes.ScriptedSessions();
    private final Fakes.MemoryOutbox outbox = new Fakes.MemoryOutbox();
    private final ParkingLot lot = new ParkingLot(3, 100_000, news, clock, codecs::generation, clock.scheduler(), Runnable::run);
    private Device device;
    private Device other;

    @BeforeEach
    void install() throws SettingException {
        Register register = new Register(new StandIn(new PlainSettings(Path.of(".")), () -> false), outbox,
                new Fakes.RecordedTwins(), sessions, new Routes(codecs), lot, news, clock);
        register.dialectCame(new Fakes.PlainDialect(), Map.of("pantograph.dialect.name", "plain"));
        GatewayFacade gateway = new GatewayFacade(register, "test");
        other = gateway.connect(DeviceOptions.dialect("plain").with("name", "two"));
        device = gateway.connect(DeviceOptions.dialect("plain").with("name", "one"));
        codecs.put("a", "1", says("1"));
        codecs.put("b", "1", says("1"));
    }

    private static Codec says(String version) {
        return new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                if (content.data() == null) {
                    throw new CodecException("cannot say null");
                }
                return Bytes.utf8(content.data() + "/" + version);
            }

            @Override
            public Content decode(Bytes bytes) {
                throw new IllegalStateException();
            }
        };
    }

    private CompletionStage<Void> publish(Object content, String format) {
        return device.publish(Telemetry.of("e", Content.of(content)).format(format));
    }

    private static Reason reason(CompletionStage<Void> stage) {
        assertTrue(stage.toCompletableFuture().isDone());
        return Await.failure(DeliveryException.class, stage).reason();
    }

    private void look() {
        clock.advance(LOOK);
    }

    @Test
    void namesTheCodecThatWroteIt() {
        publish("x", "a");
        OutboxLane.Entry sent = sessions.last().lane.poll();
        assertEquals(new Provenance("test.a", "1", ""), sent.reading().writtenBy());
    }

    @Test
    void keepsReadingsUntilTheirCodecComesBackInOrder() {
        codecs.take("a");
        CompletionStage<Void> first = publish(1, "a");
        publish(2, "a");
        publish(3, "b");
        assertEquals(List.of("e 3/1"), sessions.last().drain());
        assertEquals(2, lot.count());
        assertEquals(SendStatus.BUSY, device.sendStatus());
        Parked parked = lot.parked(10).get(0);
        assertEquals("plain/one e a the codec for 'a' is away", parked.device() + " " + parked.subject() + " " + parked.format() + " " + parked.reason());
        assertTrue(parked.outbound());
        assertEquals(1, lot.parked(1).size());
        look();
        assertFalse(first.toCompletableFuture().isDone());
        codecs.put("a", "2", says("2"));
        // The others have not been sent yet.
        CompletionStage<Void> third = publish(4, "a");
        assertEquals(List.of(), sessions.last().drain());
        look();
        assertEquals(List.of("e 1/2", "e 2/2", "e 4/2"), sessions.last().drain());
        Await.result(first);
        Await.result(third);
        assertEquals(0, lot.count());
        assertEquals(3, lot.decoded());
        assertEquals(0, clock.waiting());
        publish(5, "a");
        assertEquals(List.of("e 5/2"), sessions.last().drain());
    }

    @Test
    void failsAtOnceWhereThereNeverWasACodec() {
        assertEquals(Reason.NO_CODEC, reason(publish("x", "morse")));
        assertEquals(0, lot.count());
    }

    @Test
    void keepsSoManyAndNoMore() {
        codecs.take("a");
        for (int i = 0; i < 3; i++) {
            publish(i, "a");
        }
        assertEquals(Reason.OVERFLOW, reason(publish("more", "a")));
        assertEquals(1, lot.dropped());
        assertEquals(1, news.said.stream().filter(said -> said.contains("OVERFLOW")).count());
        other.publish(Telemetry.of("e", Content.of("x")).format("a"));
        assertEquals(4, lot.count());
        assertEquals(Reason.OVERFLOW, reason(other.publish(Telemetry.of("e", Content.of("x".repeat(60_000))).format("a"))));
        codecs.put("a", "1", says("1"));
        look();
        // What has left gives its room back.
        for (int i = 1; i <= 3; i++) {
            codecs.take("a");
            other.publish(Telemetry.of("e", Content.of("x".repeat(40_000))).format("a"));
            assertEquals(1, lot.count());
            codecs.put("a", "1", says("1"));
            look();
            assertEquals(0, lot.count());
        }
    }

    @Test
    void letsThemGoWhenTheirTimeIsOver() {
        codecs.take("a");
        CompletionStage<Void> mortal = device.publish(Telemetry.of("e", Content.of(1)).format("a").timeToLive(Duration.ofSeconds(1)));
        CompletionStage<Void> other = publish(2, "a");
        clock.advance(Duration.ofSeconds(2));
        assertEquals(Reason.EXPIRED, reason(mortal));
        assertFalse(other.toCompletableFuture().isDone());
        assertEquals(1, lot.count());
        assertEquals(1, lot.dropped());
    }

    @Test
    void failsThemWhenTheDeviceIsClosed() {
        codecs.take("a");
        CompletionStage<Void> stage = publish(1, "a");
        device.close();
        assertEquals(Reason.CLOSED, reason(stage));
        assertEquals(0, lot.count());
        look();
        assertEquals(0, clock.waiting());
    }

    @Test
    void tellsWhatTheNewCodecCannotSay() {
        codecs.take("a");
        CompletionStage<Void> bad = publish(null, "a");
        CompletionStage<Void> large = publish("x".repeat(20), "a");
        publish(2, "a");
        codecs.put("a", "2", says("2"));
        look();
        assertEquals(Reason.NOT_ENCODABLE, reason(bad));
        assertEquals(Reason.TOO_LARGE, reason(large));
        assertEquals(List.of("e 2/2"), sessions.last().drain());
    }

    // It was never in it.
    @Test
    void keepsAReadingThatACodecIsTooBusyFor() throws Exception {
        AtomicInteger busy = new AtomicInteger(5);
        codecs.put("a", "1", new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                if (busy.getAndDecrement() > 0) {
                    throw new NoCodecException("the codec for 'a' is in quarantine");
                }
                return Bytes.utf8("fine");
            }

            @Override
            public Content decode(Bytes bytes) {
                throw new IllegalStateException();
            }
        });
        CompletionStage<Void> reading = publish("x", "a");
        for (int i = 0; i < 4; i++) {
            look();
            assertFalse(reading.toCompletableFuture().isDone());
        }
        look();
        assertEquals(-1, busy.get(), "given to it at last");
    }

    // A codec that falls into quarantine over a message would do so for ever.
    @Test
    void givesUpAReadingThatBringsDownEachCodec() {
        List<Object> seen = new ArrayList<>();
        Codec fragile = new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                seen.add(content.data());
                if (content.data().equals("poison")) {
                    codecs.take("a");
                    throw new NoCodecException("the codec for 'a' is in quarantine", true);
                }
                return Bytes.utf8("fine");
            }

            @Override
            public Content decode(Bytes bytes) {
                throw new IllegalStateException();
            }
        };
        codecs.put("a", "2", fragile);
        CompletionStage<Void> poison = publish("poison", "a");
        publish("good", "a");
        for (int i = 0; i < 2; i++) {
            look();
            assertFalse(poison.toCompletableFuture().isDone());
            codecs.put("a", "2", fragile);
            look();
        }
        assertEquals(Reason.NOT_ENCODABLE, reason(poison));
        codecs.put("a", "2", fragile);
        look();
        assertEquals(List.of("e fine"), sessions.last().drain());
        assertEquals(List.of("poison", "poison", "poison", "good"), seen);
    }

    @Test
    void waitsForRoomInTheOutbox() {
        codecs.take("a");
        CompletionStage<Void> stage = publish(1, "a");
        Fakes.MemoryLane lane = outbox.lanes.get(device.id());
        lane.full = true;
        codecs.put("a", "2", says("2"));
        look();
        assertFalse(stage.toCompletableFuture().isDone());
        assertEquals(1, lot.count());
        lane.full = false;
        look();
        assertEquals(List.of("e 1/2"), sessions.last().drain());
    }
}
