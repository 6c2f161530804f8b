package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Parked;
import io.pantograph.session.House.FakeIncoming;
import io.pantograph.testkit.ChangingCodecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands whose codec is away. */
class CommandParkingTest {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final House house = new House();
    private final ChangingCodecs codecs = new ChangingCodecs();

    @BeforeEach
    void install() {
        house.codecs = codecs;
        house.cleanSession = false;
        codecs.put("text", "1", reads("1"));
        codecs.put("martian", "1", reads("1"));
        codecs.take("martian");
        house.open();
    }

    private static Codec reads(String version) {
        return new Codec() {
            @Override
            public Bytes encode(Content content) {
                throw new IllegalStateException();
            }

            @Override
            public Content decode(Bytes bytes) throws CodecException {
                if (bytes.isEmpty()) {
                    throw new CodecException("empty");
                }
                return Content.of(bytes.text() + "/" + version);
            }
        };
    }

    private void look() {
        house.clock.advance(LOOK);
    }

    private FakeIncoming arrives(String command, String format, String body) {
        return house.last().arrives(command + "/" + format, body);
    }

    private List<String> commands() {
        return house.commands.stream().map(command -> command.name() + " " + command.content().data()).toList();
    }

    private List<Kind> conditions() {
        return house.conditions.stream().map(Condition::kind).toList();
    }

    @Test
    void keepsCommandsUntilTheirCodecComesInOrder() {
        FakeIncoming first = arrives("a", "martian", "x");
        codecs.take("text");
        arrives("b", "martian", "y");
        arrives("c", "text", "z");
        assertEquals(List.of(), house.commands);
        assertEquals(0, first.acknowledged);
        assertEquals(List.of(Kind.MISSING_DECODER, Kind.MISSING_DECODER, Kind.MISSING_DECODER), conditions());
        assertTrue(house.conditions.get(0).detail().endsWith("; the command is kept until there is a codec, at most until "
                + house.clock.instant().plus(Duration.ofHours(1))), house.conditions.get(0).detail());
        assertEquals(3, house.parking.count());
        Parked parked = house.parking.parked(1).get(0);
        assertEquals("t/d false a martian 1", parked.device() + " " + parked.outbound() + " " + parked.subject() + " " + parked.format() + " "
                + parked.bytes());
        look();
        codecs.put("martian", "1", reads("m"));
        look();
        assertEquals(List.of("a x/m", "b y/m"), commands());
        assertEquals(0, first.acknowledged);
        house.answers.get(0).complete(CommandResult.ok());
        assertEquals(1, first.acknowledged);
        codecs.put("text", "2", reads("2"));
        arrives("d", "text", "w");
        assertEquals(2, house.commands.size());
        look();
        assertEquals(List.of("a x/m", "b y/m", "c z/2", "d w/2"), commands());
        assertEquals(4, house.parking.decoded());
        assertEquals(0, house.parking.count());
        arrives("e", "text", "v");
        assertEquals("e v/2", commands().get(4));
    }

    // A hub may send nothing more before the last message is acknowledged, and such a codec may never come.
    @Test
    void acknowledgesWhatNeverHadACodecAndKeepsItAllTheSame() {
        FakeIncoming first = arrives("a", "alien", "x");
        FakeIncoming second = arrives("b", "alien", "y");
        assertEquals(2, first.acknowledged + second.acknowledged);
        codecs.put("alien", "1", reads("m"));
        look();
        assertEquals(List.of("a x/m", "b y/m"), commands());
        house.answers.forEach(answer -> answer.complete(CommandResult.ok()));
        assertEquals(2, first.acknowledged + second.acknowledged);
    }

    @Test
    void reckonsTheTimeFromTheArrival() {
        arrives("a", "martian", "x");
        var arrival = house.clock.instant();
        house.clock.advance(Duration.ofMinutes(10));
        codecs.put("martian", "1", reads("m"));
        look();
        assertEquals(arrival, house.commands.get(0).content().time().get());
        assertEquals(arrival.plus(Duration.ofHours(1)), house.commands.get(0).deadline());
    }

    // The hub repeats on a new connection what was not acknowledged.
    @Test
    void keepsThemOverANewConnectionAndRunsThemOnce() {
        FakeIncoming before = arrives("a", "martian", "x");
        house.last().cut();
        house.clock.advance(Duration.ofSeconds(2));
        FakeIncoming repeated = arrives("a", "martian", "x");
        assertEquals(1, house.parking.count());
        codecs.put("martian", "1", reads("m"));
        look();
        assertEquals(1, house.commands.size());
        house.answers.get(0).complete(CommandResult.ok());
        assertEquals(0, before.acknowledged);
        assertEquals(1, repeated.acknowledged);
    }

    @Test
    void leavesToTheHubWhatItHasNoRoomFor() {
        for (int i = 0; i < 3; i++) {
            arrives("a" + i, "martian", "x");
        }
        FakeIncoming fourth = arrives("a3", "martian", "x");
        assertEquals(0, fourth.acknowledged);
        assertEquals(3, house.parking.count());
        assertEquals(1, house.parking.dropped());
        assertEquals(Kind.OVERFLOW, conditions().get(3));
        // The others still come through.
        arrives("b", "text", "y");
        assertEquals(List.of("b y/1"), commands());
    }

    @Test
    void dropsThemWhenTheirTimeIsOver() {
        FakeIncoming message = arrives("a", "martian", "x");
        house.clock.advance(Duration.ofHours(1));
        assertEquals(1, message.acknowledged);
        assertEquals(List.of(Kind.MISSING_DECODER, Kind.MISSING_DECODER), conditions());
        assertEquals("no codec for 'martian' came in time; the command was dropped", house.conditions.get(1).detail());
        assertEquals(0, house.parking.count());
        assertEquals(1, house.parking.dropped());
    }

    @Test
    void tellsWhatTheNewCodecCannotRead() {
        FakeIncoming bad = arrives("a", "martian", "");
        arrives("b", "martian", "x");
        codecs.put("martian", "1", reads("m"));
        look();
        assertEquals(1, bad.acknowledged);
        assertEquals(Kind.UNDECODABLE, conditions().get(2));
        assertEquals(List.of("b x/m"), commands());
    }

    // It was never in it.
    @Test
    void keepsACommandThatACodecIsTooBusyFor() {
        AtomicInteger busy = new AtomicInteger(5);
        codecs.put("text", "1", new Codec() {
            @Override
            public Bytes encode(Content content) {
                throw new IllegalStateException();
            }

            @Override
            public Content decode(Bytes bytes) throws CodecException {
                if (busy.getAndDecrement() > 0) {
                    throw new NoCodecException("the codec for 'text' is in quarantine");
                }
                return Content.of(bytes.text());
            }
        });
        arrives("a", "text", "x");
        for (int i = 0; i < 4; i++) {
            look();
            assertEquals(List.of(), commands());
        }
        look();
        assertEquals(List.of("a x"), commands());
    }

    // A codec that falls into quarantine over a message would do so for ever.
    @Test
    void givesUpACommandThatBringsDownEachCodec() {
        List<String> seen = new ArrayList<>();
        Codec fragile = new Codec() {
            @Override
            public Bytes encode(Content content) {
                throw new IllegalStateException();
            }

            @Override
            public Content decode(Bytes bytes) throws CodecException {
                seen.add(bytes.text());
                if (bytes.text().equals("poison")) {
                    codecs.take("text");
                    throw new NoCodecException("the codec for 'text' is in quarantine", true);
                }
                return Content.of(bytes.text());
            }
        };
        codecs.put("text", "2", fragile);
        FakeIncoming poison = arrives("a", "text", "poison");
        arrives("b", "text", "good");
        for (int i = 0; i < 2; i++) {
            look();
            assertEquals(0, poison.acknowledged);
            codecs.put("text", "2", fragile);
            look();
        }
        assertEquals(1, poison.acknowledged);
        codecs.put("text", "2", fragile);
        look();
        assertEquals(List.of("poison", "poison", "poison", "good"), seen);
        assertEquals(List.of("b good"), commands());
    }

    @Test
    void keepsNothingForWhoWaits() {
        house.last().arrives("ask/1/blink/martian", "x");
        assertEquals(0, house.parking.count());
        assertFalse(house.last().sent.isEmpty());
    }
}
