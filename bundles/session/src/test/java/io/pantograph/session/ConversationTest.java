package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.TransportException;
import io.pantograph.session.House.FakeConnection;
import io.pantograph.session.House.FakeIncoming;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConversationTest {

    private final House house = new House();

    private void pass(int seconds) {
        house.clock.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void subscribesBeforeItSends() {
        house.lane.put("early");
        Conversation conversation = house.open();
        assertEquals(State.CONNECTED, conversation.status().state());
        assertEquals("commands", house.last().subscriptions.get(0).filter());
        assertEquals(List.of("early"), house.last().sent);
    }

    @Test
    void onlyAWindowIsUnderWay() {
        house.open();
        for (int i = 0; i < 5; i++) {
            house.lane.put("e" + i);
        }
        assertEquals(List.of("e0", "e1", "e2"), house.last().sent);
        house.last().acknowledge();
        assertEquals(List.of("e0", "e1", "e2", "e3"), house.last().sent);
    }

    @Test
    void afterACutSendsAgainInOrderAndBeforeTheRest() {
        house.open();
        CompletableFuture<Void> first = house.lane.put("a");
        house.lane.put("b");
        house.lane.put("c");
        house.last().acknowledge();
        house.last().cut();
        house.lane.put("d");
        pass(1);
        assertEquals(2, house.connections.size());
        assertTrue(first.isDone());
        assertEquals(List.of("b", "c", "d"), house.last().sent);
        assertTrue(house.statuses.stream().anyMatch(s -> s.state() == State.WAITING && s.reason() == Reason.NO_NETWORK));
    }

    @Test
    void theFirstConnectIsTriedAgainLikeLaterOnes() {
        house.refusal = new TransportException(Reason.NO_NETWORK, "nobody there", null);
        Conversation conversation = house.open();
        assertEquals(State.WAITING, conversation.status().state());
        assertFalse(conversation.connected().toCompletableFuture().isDone());
        house.refusal = null;
        pass(1);
        assertEquals(State.CONNECTED, conversation.status().state());
        Await.result(conversation.connected());
    }

    @Test
    void triesBecomeSeldom() {
        house.refusal = new TransportException(Reason.NO_NETWORK, "nobody there", null);
        house.open();
        pass(3600);
        assertTrue(house.tries > 60 && house.tries < 400, house.tries + " tries in an hour");
    }

    @Test
    void aRefusedTokenIsToldAtOnceAndHardlyTriedAgain() {
        house.refusal = new TransportException(Reason.BAD_CREDENTIAL, "not authorised", null);
        Conversation conversation = house.open();
        assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, conversation.connected()).reason());
        assertEquals(Reason.BAD_CREDENTIAL, conversation.status().reason());
        pass(3600);
        assertTrue(house.tries > 10 && house.tries < 40, house.tries + " tries in an hour");
    }

    @Test
    void closingEndsTheTries() {
        house.refusal = new TransportException(Reason.NO_NETWORK, "nobody there", null);
        Conversation conversation = house.open();
        conversation.close();
        pass(5);
        int tries = house.tries;
        pass(600);
        assertEquals(tries, house.tries);
        assertEquals(State.CLOSED, conversation.status().state());
        assertEquals(DeliveryException.Reason.CLOSED, Await.failure(DeliveryException.class, conversation.connected()).reason());
    }

    @Test
    void closingLetsWhatIsUnderWayArrive() {
        Conversation conversation = house.open();
        CompletableFuture<Void> reading = house.lane.put("a");
        CompletableFuture<Void> closed = conversation.close().toCompletableFuture();
        house.settle();
        assertFalse(house.last().closed);
        house.last().acknowledge();
        pass(1);
        assertTrue(reading.isDone() && closed.isDone() && house.last().closed);
    }

    @Test
    void aConnectionMadeAfterClosingIsClosedToo() {
        house.dead = true;
        Conversation conversation = house.open();
        conversation.close();
        pass(1);
        assertEquals(State.CLOSED, conversation.status().state());
    }

    @Test
    void aCommandIsAcknowledgedWhenItIsDone() {
        house.open();
        FakeIncoming message = house.last().arrives("blink/text", "x");
        assertEquals("blink", house.commands.get(0).name());
        assertTrue(house.commands.get(0).content().time().isPresent());
        assertEquals(0, message.acknowledged);
        house.answers.get(0).complete(CommandResult.ok());
        assertEquals(1, message.acknowledged);
    }

    @Test
    void aCommandThatNobodyTookIsLeftToBeRepeated() {
        house.cleanSession = false;
        house.open();
        FakeIncoming message = house.last().arrives("blink/text", "x");
        house.answers.get(0).complete(CommandResult.failed(503, "stopping"));
        assertEquals(0, message.acknowledged);
        pass(1);
        assertEquals(2, house.connections.size(), "a hub repeats on a new connection only");
    }

    // A hub waits for so many acknowledgements and no more; then it sends nothing, for ever.
    @Test
    void withACleanSessionWhatNobodyTookIsNotHeldAgainstTheHub() {
        house.open();
        FakeIncoming message = house.last().arrives("blink/text", "x");
        house.answers.get(0).complete(CommandResult.failed(503, "stopping"));
        assertEquals(1, message.acknowledged);
        pass(1);
        assertEquals(1, house.connections.size());
    }

    // Held for want of a handler, the command is repeated by the hub on the next connection: it must not run twice.
    @Test
    void aCommandRepeatedWhileInHandRunsOnce() {
        house.cleanSession = false;
        house.open();
        FakeIncoming before = house.last().arrives("blink/text", "x");
        house.last().cut();
        pass(1);
        FakeIncoming repeated = house.last().arrives("blink/text", "x");
        assertEquals(1, house.commands.size());
        house.last().arrives("blink/text", "x"); // a new one that looks the same
        assertEquals(2, house.commands.size());
        house.answers.get(0).complete(CommandResult.ok());
        assertEquals(0, before.acknowledged);
        assertEquals(1, repeated.acknowledged);
    }

    // With a clean session the hub repeats nothing, so what looks the same is a new command.
    @Test
    void withACleanSessionNothingIsTakenForARepetition() {
        house.open();
        house.last().arrives("blink/text", "x");
        house.last().cut();
        pass(1);
        house.last().arrives("blink/text", "x");
        assertEquals(2, house.commands.size());
    }

    @Test
    void whatCannotBeReadIsReportedAndAcknowledged() {
        Conversation conversation = house.open();
        FakeIncoming noCodec = house.last().arrives("a/martian", "x");
        FakeIncoming broken = house.last().arrives("b/text", "");
        FakeIncoming foreign = house.last().arrives("rubbish", "x");
        assertEquals(List.of(Condition.Kind.MISSING_DECODER, Condition.Kind.UNDECODABLE, Condition.Kind.UNREADABLE),
                house.conditions.stream().map(Condition::kind).toList());
        assertTrue(house.conditions.get(0).detail().contains("martian"));
        assertEquals(3, noCodec.acknowledged + broken.acknowledged + foreign.acknowledged);
        assertEquals(State.CONNECTED, conversation.status().state());
    }

    @Test
    void beyondTheLimitMessagesAreLeftAndFetchedWhenThereIsRoom() {
        house.cleanSession = false;
        house.open();
        for (int i = 0; i < 5; i++) {
            house.last().arrives("c" + i + "/text", "x");
        }
        FakeIncoming sixth = house.last().arrives("c5/text", "x");
        assertEquals(5, house.commands.size());
        assertEquals(0, sixth.acknowledged);
        assertEquals(Condition.Kind.OVERFLOW, house.conditions.get(0).kind());
        for (int i = 0; i < 4; i++) {
            house.answers.get(i).complete(CommandResult.ok());
        }
        pass(1);
        assertEquals(1, house.connections.size());
        house.answers.get(4).complete(CommandResult.ok());
        pass(1);
        assertEquals(2, house.connections.size());
    }

    @Test
    void beyondTheLimitACleanSessionDrops() {
        house.open();
        for (int i = 0; i < 5; i++) {
            house.last().arrives("c" + i + "/text", "x");
        }
        assertEquals(1, house.last().arrives("c5/text", "x").acknowledged);
        assertEquals(5, house.commands.size());
        assertTrue(house.conditions.get(0).detail().endsWith("dropped"), house.conditions.get(0).detail());
    }

    @Test
    void closingGivesUpAConnectUnderWay() {
        house.dead = true;
        Conversation conversation = house.open();
        conversation.close();
        house.settle();
        assertTrue(house.pending.isCancelled());
        Await.result(conversation.close());
    }

    // The answer to the login came, but the room's clock did not come to it before the session was closed.
    @Test
    void closingEndsAConnectionThatWasJustMade() {
        house.dead = true;
        Conversation conversation = house.open();
        FakeConnection made = house.new FakeConnection(null);
        conversation.close();
        house.pending.complete(made);
        pass(1);
        assertTrue(made.closed);
    }

    @Test
    void aSubscriptionWithoutAnAnswerIsTriedAgain() {
        house.mute = true;
        Conversation conversation = house.open();
        assertEquals(State.CONNECTING, conversation.status().state());
        house.mute = false;
        pass(12);
        assertEquals(2, house.connections.size());
        assertTrue(house.connections.get(0).closed);
        assertEquals(State.CONNECTED, conversation.status().state());
    }

    // A link that is cut every few seconds but carries messages in between is worth coming back to at once.
    @Test
    void comesBackSoonToALinkThatCarries() {
        house.open();
        for (int i = 1; i <= 12; i++) {
            house.lane.put("e" + i);
            house.last().acknowledge();
            house.last().cut();
            pass(1);
            assertEquals(i + 1, house.connections.size());
        }
    }

    // A device that only listens is as good as one that speaks.
    @Test
    void comesBackSoonToALinkThatBringsCommands() {
        house.open();
        for (int i = 1; i <= 12; i++) {
            house.last().arrives("blink/text", "x" + i);
            house.answers.get(i - 1).complete(CommandResult.ok());
            house.last().cut();
            pass(1);
            assertEquals(i + 1, house.connections.size());
        }
    }

    // Two clients with the same id throw each other out; they must not do so many times a second.
    @Test
    void doesNotFightForItsClientId() {
        house.open();
        for (int i = 0; i < 120; i++) {
            if (!house.last().closed) {
                house.lane.put("e" + i);
                house.last().acknowledge();
                house.last().end(Reason.DROPPED_BY_HUB);
            }
            pass(1);
        }
        assertTrue(house.connections.size() < 25, house.connections.size() + " connections in two minutes");
    }

    // QoS 0 is at most once: done with when it is handed over, and never sent again.
    @Test
    void atMostOnceIsDoneWhenHandedOver() {
        house.open();
        CompletableFuture<Void> reading = house.lane.put("a", Qos.AT_MOST_ONCE);
        assertTrue(reading.isDone());
        house.last().cut();
        pass(1);
        assertEquals(List.of(), house.last().sent);
    }

    @Test
    void atMostOnceWaitsForAConnectionToo() {
        house.refusal = new TransportException(Reason.NO_NETWORK, "nobody there", null);
        house.open();
        CompletableFuture<Void> reading = house.lane.put("a", Qos.AT_MOST_ONCE);
        assertFalse(reading.isDone());
        house.refusal = null;
        pass(1);
        assertTrue(reading.isDone());
        assertEquals(List.of("a"), house.last().sent);
    }

    // A message that fails though nobody said that the connection has ended would otherwise be under way for ever.
    @Test
    void aFailedMessageEndsTheConnection() {
        house.open();
        CompletableFuture<Void> reading = house.lane.put("a");
        house.last().open.remove().completeExceptionally(new TransportException(Reason.NO_NETWORK, "cut", null));
        pass(1);
        assertEquals(2, house.connections.size());
        assertEquals(List.of("a"), house.last().sent);
        house.last().acknowledge();
        assertTrue(reading.isDone());
    }

    @Test
    void tellsTheStatusBeforeTheStageFails() {
        house.refusal = new TransportException(Reason.BAD_CREDENTIAL, "not authorised", null);
        Conversation[] it = new Conversation[1];
        house.dead = true;
        it[0] = house.open();
        List<Reason> seen = new java.util.ArrayList<>();
        it[0].connected().whenComplete((done, failure) -> seen.add(it[0].status().reason()));
        house.pending.completeExceptionally(house.refusal);
        house.settle();
        assertEquals(List.of(Reason.BAD_CREDENTIAL), seen);
    }
}
