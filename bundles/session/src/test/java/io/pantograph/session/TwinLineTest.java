package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Frame;
import io.pantograph.session.House.FakeIncoming;
import io.pantograph.session.House.FakeTwin;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the session does for a device's twin. */
class TwinLineTest {

    private final House house = new House();

    private void pass(int seconds) {
        house.clock.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void theTwinBeginsWhenTheSubscriptionsAreGranted() {
        house.hasTwin = true;
        house.mute = true;
        house.open();
        assertEquals(List.of(), house.twin.told);
        house.mute = false;
        pass(12);
        assertEquals(List.of("connected"), house.twin.told);
        house.twin.wire.apply(new Frame("ask", Bytes.EMPTY, Qos.AT_MOST_ONCE));
        assertEquals(List.of("ask"), house.last().sent);
    }

    @Test
    void itIsToldWhenTheConnectionEndsAndBegins() {
        house.hasTwin = true;
        Conversation conversation = house.open();
        house.last().cut();
        house.settle();
        assertEquals(List.of("connected", "disconnected"), house.twin.told);
        pass(1);
        assertEquals(List.of("connected", "disconnected", "connected"), house.twin.told);
        conversation.close();
        pass(5);
        assertEquals(List.of("connected", "disconnected", "connected", "disconnected"), house.twin.told);
    }

    @Test
    void whereTheCloudHasNoTwinsItIsLeftAlone() {
        house.open();
        house.last().arrives("answer/1", "a");
        house.last().cut();
        pass(1);
        assertEquals(List.of(), house.twin.told);
    }

    // As many commands in hand as may be, and none done: the twin goes on all the same.
    @Test
    void itDoesNotWaitBehindCommands() {
        house.hasTwin = true;
        house.cleanSession = false;
        house.open();
        for (int i = 0; i < 6; i++) {
            house.last().arrives("c" + i + "/text", "x");
        }
        assertEquals(5, house.commands.size());
        FakeIncoming answer = house.last().arrives("answer/r1", "{}");
        FakeIncoming change = house.last().arrives("changed", "{1}");
        assertEquals(List.of("connected", "answered r1 {}", "changed {1}"), house.twin.told);
        assertEquals(2, answer.acknowledged + change.acknowledged);
        assertEquals(List.of(Kind.OVERFLOW), house.conditions.stream().map(condition -> condition.kind()).toList());
        for (int i = 0; i < 5; i++) {
            house.answers.get(i).complete(CommandResult.ok());
        }
        pass(1);
        assertEquals(2, house.connections.size(), "the sixth command is fetched again");
    }

    @Test
    void aTwinRoomThatComesLaterOrIsExchangedIsTold() {
        house.hasTwin = true;
        house.twins = null;
        Conversation conversation = house.open();
        house.twins = device -> house.twin;
        conversation.twinsChanged();
        house.settle();
        assertEquals(List.of("connected"), house.twin.told);
        FakeTwin other = new FakeTwin();
        house.twins = device -> other;
        conversation.twinsChanged();
        house.settle();
        assertEquals(List.of("connected", "disconnected"), house.twin.told);
        assertEquals(List.of("connected"), other.told);
        house.last().arrives("changed", "1");
        assertEquals(List.of("connected", "changed 1"), other.told);
    }

    @Test
    void aTwinThatFailsDoesNotStopTheSession() {
        house.hasTwin = true;
        house.twins = device -> {
            throw new IllegalStateException("half gone");
        };
        Conversation conversation = house.open();
        assertSame(State.CONNECTED, conversation.status().state());
    }
}
