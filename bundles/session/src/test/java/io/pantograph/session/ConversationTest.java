package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.transport.TransportException;
import io.pantograph.session.House.FakeConnection;
import io.pantograph.session.House.FakeIncoming;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    void aLoginThatEndsIsRenewedWithoutLoss() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        house.open();
        house.lane.put("a");
        FakeConnection first = house.last();
        pass(81);
        assertTrue(first.closed);
        assertEquals(2, house.connections.size());
        assertEquals(List.of("a"), house.last().sent);
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
        house.open();
        FakeIncoming message = house.last().arrives("blink/text", "x");
        house.answers.get(0).complete(CommandResult.failed(503, "stopping"));
        assertEquals(0, message.acknowledged);
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
    void whatCannotBeReadIsReportedAcknowledgedAndForgotten() {
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
    void beyondTheLimitMessagesAreLeftToBeRepeated() {
        house.open();
        for (int i = 0; i < 5; i++) {
            house.last().arrives("c" + i + "/text", "x");
        }
        FakeIncoming sixth = house.last().arrives("c5/text", "x");
        assertEquals(5, house.commands.size());
        assertEquals(0, sixth.acknowledged);
        assertEquals(Condition.Kind.OVERFLOW, house.conditions.get(0).kind());
    }
}
