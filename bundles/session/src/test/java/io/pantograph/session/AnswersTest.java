package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.session.House.FakeConnection;
import io.pantograph.session.House.FakeIncoming;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls whose askers wait. */
class AnswersTest {

    private final House house = new House();

    private void pass(int seconds) {
        house.clock.advance(Duration.ofSeconds(seconds));
    }

    private void answer(int index, CommandResult result) {
        house.answers.get(index).complete(result);
    }

    private String body(int index) {
        return house.last().frames.get(index).payload().text();
    }

    @Test
    void anAnswerGoesToWhoeverAsked() {
        house.open();
        FakeIncoming call = house.last().arrives("ask/7/blink/text", "x");
        assertEquals(1, call.acknowledged, "taken charge of: the asker asks again himself");
        assertEquals(1, house.commands.size());
        assertTrue(house.commands.get(0).id().endsWith("/7"), house.commands.get(0).id());
        assertEquals(Map.of("colour", "red"), house.commands.get(0).properties());
        assertEquals(house.clock.instant().plusSeconds(100), house.commands.get(0).deadline());
        assertEquals(List.of(Duration.ofSeconds(9)), house.handlerPatience);
        answer(0, CommandResult.ok(Values.of("n", 1)));
        assertEquals(List.of("reply/7/200"), house.last().sent);
        assertEquals(Values.of("n", 1).toString(), body(0));
        assertEquals(Qos.AT_LEAST_ONCE, house.last().frames.get(0).qos());
        assertEquals(1, call.acknowledged);
    }

    @Test
    void anAnswerWithoutDataHasNoBody() {
        house.open();
        house.last().arrives("ask/7/blink/text", "x");
        answer(0, CommandResult.accepted());
        assertEquals(List.of("reply/7/202"), house.last().sent);
        assertTrue(house.last().frames.get(0).payload().isEmpty());
    }

    @Test
    void aCallWithoutABodyHasNoContentAndAsksNoCodec() {
        house.open();
        house.last().arrives("ask/7/blink/martian", "");
        assertEquals(null, house.commands.get(0).content().data());
    }

    @Test
    void aRawBodyIsHandedOnAsItIs() {
        house.open();
        house.last().arrives("ask/7/blink/raw", "x");
        house.last().arrives("kept/8/blink/raw", "");
        assertEquals(Bytes.utf8("x"), house.commands.get(0).content().data());
        assertEquals(Bytes.EMPTY, house.commands.get(1).content().data());
    }

    // Where nobody waits, the cloud's id and properties are handed on too, and all else is as ever.
    @Test
    void aMessageForWhichNobodyWaitsIsNotAnswered() {
        house.open();
        FakeIncoming message = house.last().arrives("kept/8/blink/text", "x");
        assertEquals("8", house.commands.get(0).id());
        assertEquals(house.clock.instant().plus(Duration.ofHours(1)), house.commands.get(0).deadline());
        assertEquals(List.of(), house.handlerPatience);
        assertEquals(0, message.acknowledged);
        answer(0, CommandResult.ok());
        assertEquals(1, message.acknowledged);
        assertEquals(List.of(), house.last().sent);
    }

    @Test
    void whatCannotBeReadIsAnsweredToo() {
        house.open();
        house.last().arrives("ask/1/blink/martian", "x");
        house.cleanSession = false;
        house.last().arrives("ask/2/blink/text", "x");
        answer(0, CommandResult.failed(503, "stopping"));
        assertEquals(List.of("reply/1/415", "reply/2/503"), house.last().sent);
        assertTrue(body(0).contains("martian"), body(0));
        assertEquals(List.of(Kind.MISSING_DECODER), house.conditions.stream().map(condition -> condition.kind()).toList());
    }

    @Test
    void aBodyThatTheCodecRefusesIs400() {
        house.open();
        house.last().arrives("ask/1/blink/text", "?");
        assertEquals(List.of("reply/1/400"), house.last().sent);
        assertEquals(Kind.UNDECODABLE, house.conditions.get(0).kind());
    }

    @Test
    void anAnswerThatCannotBeSaidOrIsTooLargeBecomes500() {
        house.open();
        house.last().arrives("ask/1/blink/text", "x");
        house.last().arrives("ask/2/blink/text", "x");
        answer(0, new CommandResult(200, Content.of(true)));
        answer(1, new CommandResult(200, Content.of("y".repeat(1001))));
        assertEquals(List.of("reply/1/500", "reply/2/500"), house.last().sent);
        assertTrue(body(0).contains("unsayable") && body(1).contains("over the limit"), body(0) + body(1));
        assertEquals(List.of(Kind.HANDLER_FAILED, Kind.HANDLER_FAILED), house.conditions.stream().map(condition -> condition.kind()).toList());
    }

    @Test
    void anAnswerAfterACutGoesOnTheNextConnection() {
        house.open();
        house.last().arrives("ask/7/blink/text", "x");
        house.last().cut();
        house.settle();
        answer(0, CommandResult.ok());
        pass(1);
        assertEquals(2, house.connections.size());
        assertEquals(List.of("reply/7/200"), house.last().sent);
        pass(200);
        assertEquals(List.of(), house.conditions);
    }

    // The connection took it, and ended before it was acknowledged.
    @Test
    void anAnswerThatMayHaveBeenLostIsRepeated() {
        house.open();
        house.last().arrives("ask/7/blink/text", "x");
        answer(0, CommandResult.ok());
        house.last().cut();
        pass(1);
        assertEquals(List.of("reply/7/200"), house.last().sent);
        house.last().acknowledge();
        house.last().cut();
        pass(1);
        assertEquals(List.of(), house.last().sent, "once acknowledged it is done with");
    }

    @Test
    void whenNobodyWaitsAnyLongerTheAnswerIsDropped() {
        house.open();
        house.last().arrives("ask/7/blink/text", "x");
        house.dead = true;
        house.last().cut();
        house.settle();
        answer(0, CommandResult.ok());
        pass(99);
        assertEquals(List.of(), house.conditions);
        pass(2);
        assertEquals(List.of(Kind.LATE), house.conditions.stream().map(condition -> condition.kind()).toList());
    }

    @Test
    void anAnswerThatComesTooLateWithoutAConnectionIsDroppedAtOnce() {
        house.open();
        house.last().arrives("ask/7/blink/text", "x");
        house.dead = true;
        house.last().cut();
        pass(101);
        answer(0, CommandResult.ok());
        assertEquals(List.of(Kind.LATE), house.conditions.stream().map(condition -> condition.kind()).toList());
    }

    // The hub repeats a call whose acknowledgement it did not hear: it runs once, and the repetition is acknowledged.
    @Test
    void aRepeatedCallRunsOnce() {
        house.cleanSession = false;
        house.open();
        house.last().arrives("ask/7/blink/text", "x");
        house.last().cut();
        pass(1);
        FakeIncoming repeated = house.last().arrives("ask/7/blink/text", "x");
        assertEquals(1, house.commands.size());
        assertEquals(1, repeated.acknowledged);
        answer(0, CommandResult.ok());
        assertEquals(List.of("reply/7/200"), house.last().sent);
        assertEquals(1, repeated.acknowledged);
    }

    // Done while there was no connection: its acknowledgement was never heard, so the next connection brings it again.
    @Test
    void aCommandThatWasDoneWhileThereWasNoConnectionRunsOnce() {
        house.cleanSession = false;
        house.open();
        house.last().arrives("blink/text", "x");
        house.last().cut();
        house.settle();
        answer(0, CommandResult.ok());
        pass(1);
        FakeIncoming repeated = house.last().arrives("blink/text", "x");
        assertEquals(1, house.commands.size());
        assertEquals(1, repeated.acknowledged);
        house.last().arrives("blink/text", "x");
        assertEquals(2, house.commands.size(), "a new one that looks the same");
    }

    // A hub that lost its memory repeats nothing: what looks the same a minute later is new.
    @Test
    void aCommandThatLooksTheSameLaterIsNew() {
        house.cleanSession = false;
        house.open();
        house.last().arrives("blink/text", "x");
        house.last().cut();
        house.settle();
        answer(0, CommandResult.ok());
        pass(60);
        house.last().arrives("blink/text", "x");
        assertEquals(2, house.commands.size());
    }

    @Test
    void noMoreThanALimitWaitForAConnection() {
        house.open();
        house.dead = true;
        FakeConnection only = house.last();
        for (int i = 0; i < 7; i++) {
            only.arrives("ask/" + i + "/blink/text", "x");
            if (i == 0) {
                only.cut();
                house.settle();
            }
            answer(i, CommandResult.ok());
        }
        assertEquals(2, house.conditions.stream().filter(condition -> condition.kind() == Kind.LATE).count());
    }

    // IoT Hub counts its calls from 1 on each connection: the same name there is another call.
    @Test
    void aTicketIsTheSameCallOnItsOwnConnectionOnly() {
        house.open();
        house.last().arrives("ask/1/blink/text", "x");
        house.last().arrives("ask/1/blink/text", "x");
        answer(0, CommandResult.ok());
        answer(1, CommandResult.ok());
        house.last().cut();
        pass(1);
        house.last().arrives("ask/1/blink/text", "x");
        List<String> ids = house.commands.stream().map(command -> command.id()).toList();
        assertEquals(3, ids.size());
        assertEquals(ids.get(0), ids.get(1));
        assertNotEquals(ids.get(0), ids.get(2));
    }

    @Test
    void anAnswerIsNotTakenForThatOfAnotherCallOfTheSameTicket() {
        house.open();
        house.last().arrives("ask/1/open/text", "x");
        house.last().cut();
        pass(1);
        house.last().arrives("ask/1/close/text", "x");
        answer(0, new CommandResult(200, Content.of("opened")));
        assertEquals(List.of(), house.last().sent);
        assertEquals(List.of(Kind.LATE), house.conditions.stream().map(condition -> condition.kind()).toList());
        answer(1, new CommandResult(409, Content.of("not closed")));
        assertEquals(List.of("reply/1/409"), house.last().sent);
    }

    // It waits for the next connection, and there the ticket is another call's before it could be sent.
    @Test
    void anAnswerThatWaitsIsNotTakenForThatOfAnotherCall() {
        house.open();
        house.last().arrives("ask/1/open/text", "x");
        answer(0, CommandResult.ok());
        house.last().cut();
        pass(1);
        assertEquals(List.of("reply/1/200"), house.last().sent, "so far nobody else has this ticket");
        house.last().arrives("ask/1/close/text", "x");
        house.last().cut();
        pass(1);
        assertEquals(List.of(), house.last().sent);
    }
}
