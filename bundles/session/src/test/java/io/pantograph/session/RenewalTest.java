package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.session.House.FakeConnection;
import io.pantograph.session.House.FakeIncoming;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Logins that end. */
class RenewalTest {

    private final House house = new House();

    private void pass(int seconds) {
        house.clock.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void connectsAnewWhenFourFifthsAreOver() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        house.open();
        pass(79);
        assertEquals(1, house.connections.size());
        pass(2);
        assertTrue(house.connections.get(0).closed);
        assertEquals(2, house.connections.size());
        assertTrue(house.statuses.stream().noneMatch(status -> status.state() == State.WAITING));
    }

    @Test
    void firstWaitsForWhatIsUnderWay() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        house.open();
        FakeConnection first = house.last();
        CompletableFuture<Void> before = house.lane.put("before");
        pass(81);
        house.lane.put("meanwhile");
        assertFalse(first.closed);
        assertEquals(List.of("before"), first.sent);
        first.acknowledge();
        house.settle();
        assertTrue(before.isDone() && first.closed);
        assertEquals(List.of("meanwhile"), house.last().sent, "and what was acknowledged is not sent twice");
    }

    @Test
    void doesNotWaitForEver() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        house.open();
        house.lane.put("a");
        pass(81);
        assertEquals(1, house.connections.size());
        pass(5);
        assertEquals(2, house.connections.size());
        assertEquals(List.of("a"), house.last().sent);
    }

    // The hub acknowledges late and at random, logins end every ten seconds: each reading goes over the wire once, in order.
    @Test
    void nothingIsLostRepeatedOrReorderedOverManyRenewals() {
        house.validFor = Optional.of(Duration.ofSeconds(10));
        house.open();
        Ledger ledger = new Ledger();
        Random random = new Random(11);
        int next = 0;
        int seen = 0; // connections whose frames are in the ledger
        int read = 0;
        for (int step = 0; step < 4000; step++) {
            if (step < 3900 && random.nextInt(3) > 0) {
                int number = next++;
                house.lane.put("" + number).thenRun(() -> ledger.promised(number));
            }
            house.clock.advance(Duration.ofMillis(50));
            for (FakeConnection connection : house.connections) {
                int ready = random.nextInt(4);
                while (ready-- > 0 && !connection.open.isEmpty() && !connection.closed) {
                    connection.acknowledge();
                }
            }
            while (seen < house.connections.size()) {
                List<String> sent = house.connections.get(seen).sent;
                for (; read < sent.size(); read++) {
                    ledger.received(Integer.parseInt(sent.get(read)));
                }
                if (seen == house.connections.size() - 1) {
                    break;
                }
                seen++;
                read = 0;
            }
        }
        assertTrue(house.connections.size() > 15, house.connections.size() + " connections");
        assertEquals(next, ledger.promised());
        assertEquals(0, ledger.lost());
        assertEquals(0, ledger.duplicated());
        assertEquals(0, ledger.outOfOrder());
    }

    // A command in work when the login is renewed: the hub brings it again on the new connection, and it must not run twice.
    @Test
    void aCommandInWorkIsNeitherLostNorRunTwice() {
        house.cleanSession = false;
        house.validFor = Optional.of(Duration.ofSeconds(100));
        house.open();
        FakeIncoming before = house.last().arrives("blink/text", "x");
        pass(81);
        FakeIncoming after = house.last().arrives("blink/text", "x");
        house.answers.get(0).complete(CommandResult.ok());
        assertEquals(1, house.commands.size());
        assertEquals(0, before.acknowledged);
        assertEquals(1, after.acknowledged);
    }

    // A ready-made token is what it is: to log in with it again wins nothing, and would be done ever more often towards its end.
    @Test
    void doesNotRenewWhatDoesNotGetBetter() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        house.open();
        house.validFor = Optional.of(Duration.ofSeconds(20));
        pass(99);
        assertEquals(1, house.connections.size());
    }

    @Test
    void cutByTheHubAfterItsTimeComesBackAtOnce() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        Conversation conversation = house.open();
        house.noLogin = new NoLoginException(Reason.EXPIRED_TOKEN, "over");
        pass(101);
        house.noLogin = null;
        house.last().end(Reason.DROPPED_BY_HUB);
        house.settle();
        assertEquals(2, house.connections.size());
        assertEquals(State.CONNECTED, conversation.status().state());
        assertTrue(house.statuses.stream().anyMatch(status -> status.reason() == Reason.EXPIRED_TOKEN));
    }

    @Test
    void cutWithinItsTimeIsACutLikeAnyOther() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        house.open();
        pass(50);
        house.last().end(Reason.DROPPED_BY_HUB);
        house.settle();
        assertTrue(house.statuses.stream().noneMatch(status -> status.reason() == Reason.EXPIRED_TOKEN));
        assertEquals(1, house.connections.size());
    }

    // The time of a login counts from when it was made; the timers of connections that are gone are gone too.
    @Test
    void leavesNoTimersBehind() {
        house.validFor = Optional.of(Duration.ofHours(1));
        house.open();
        pass(1);
        int waiting = house.clock.waiting();
        for (int i = 0; i < 100; i++) {
            house.lane.put("e" + i);
            house.last().acknowledge();
            house.last().cut();
            pass(2);
        }
        assertEquals(101, house.connections.size());
        assertEquals(waiting, house.clock.waiting());
    }

    @Test
    void whereThereIsNoLoginItIsToldAndHardlyTriedAgain() {
        house.noLogin = new NoLoginException(Reason.EXPIRED_TOKEN, "the token ended yesterday; make a new one");
        Conversation conversation = house.open();
        assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, conversation.connected()).reason());
        DeviceStatus status = conversation.status();
        assertEquals(State.WAITING, status.state());
        assertEquals(Reason.EXPIRED_TOKEN, status.reason());
        assertEquals("the token ended yesterday; make a new one; the next try is 120 to 240 s later", status.detail());
        house.statuses.clear();
        pass(3600);
        long tries = house.statuses.stream().filter(one -> one.state() == State.CONNECTING).count();
        assertTrue(tries > 10 && tries < 40, tries + " tries in an hour");
        assertEquals(0, house.tries);
    }

    @Test
    void closingWhileItRenewsEndsIt() {
        house.validFor = Optional.of(Duration.ofSeconds(100));
        Conversation conversation = house.open();
        house.lane.put("a");
        pass(81);
        conversation.close();
        pass(10);
        assertEquals(State.CLOSED, conversation.status().state());
        int tries = house.tries;
        pass(600);
        assertEquals(tries, house.tries);
    }
}
