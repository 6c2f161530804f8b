package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a hub's no means, and how long it is respected. */
class RefusalTest {

    private final House house = new House();

    private void pass(int seconds) {
        house.clock.advance(Duration.ofSeconds(seconds));
    }

    // MQTT has one number for a busy hub; a cloud may use it for a device that is switched off.
    @Test
    void theDialectSaysWhatARefusalMeans() {
        house.refusal = new TransportException(Reason.HUB_UNAVAILABLE, "refusal 3", null);
        house.translation = told -> told == Reason.HUB_UNAVAILABLE ? Reason.DEVICE_DISABLED : told;
        Conversation conversation = house.open();
        assertEquals(Reason.DEVICE_DISABLED, conversation.status().reason());
        assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, conversation.connected()).reason());
    }

    // Nobody refused anything: there is nothing to translate.
    @ParameterizedTest
    @EnumSource(value = Reason.class, names = {"NO_NETWORK", "TIMEOUT", "NOT_TRUSTED"})
    void whatIsNoRefusalIsNotTranslated(Reason reason) {
        house.refusal = new TransportException(reason, "no", null);
        house.translation = told -> Reason.DEVICE_DISABLED;
        assertEquals(reason, house.open().status().reason());
    }

    @Test
    void aConnectionThatEndsIsNoRefusal() {
        house.translation = told -> Reason.DEVICE_DISABLED;
        Conversation conversation = house.open();
        house.last().end(Reason.HUB_UNAVAILABLE);
        house.settle();
        assertEquals(Reason.HUB_UNAVAILABLE, conversation.status().reason());
    }

    @Test
    void aDialectThatFailsLeavesItAsItWasTold() {
        house.refusal = new TransportException(Reason.HUB_UNAVAILABLE, "refusal 3", null);
        house.translation = told -> {
            throw new IllegalStateException("half gone");
        };
        assertEquals(Reason.HUB_UNAVAILABLE, house.open().status().reason());
    }

    // Soon at first, since it may be switched on again by whoever stands there; then ever more seldom.
    @Test
    void aDisabledDeviceIsTriedEverMoreSeldom() {
        house.refusal = new TransportException(Reason.DEVICE_DISABLED, "off", null);
        house.open();
        pass(60);
        int first = house.tries;
        assertTrue(first > 2 && first < 12, first + " tries in the first minute");
        pass(3540);
        assertTrue(house.tries > 30 && house.tries < 120, house.tries + " tries in an hour");
        house.refusal = null;
        pass(121);
        assertEquals(1, house.connections.size(), "the longest pause is the refused pause");
    }

    @Test
    void aLoginThatIsTakenEndsItsSeldomTries() {
        house.refusal = new TransportException(Reason.DEVICE_DISABLED, "off", null);
        house.open();
        pass(3600);
        house.refusal = null;
        pass(121);
        house.refusal = new TransportException(Reason.DEVICE_DISABLED, "off", null);
        house.last().cut();
        int before = house.tries;
        pass(10);
        assertTrue(house.tries > before + 1, "it was on meanwhile, so it may soon be on again");
    }

    // Full jitter: each pause is anywhere below a limit that doubles; a fixed fraction of it would let gateways march in step.
    @Test
    void pausesAreSpreadOverTheirWholeRange() {
        Duration[] least = new Duration[12];
        Duration[] most = new Duration[12];
        for (int run = 0; run < 2000; run++) {
            Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(60), new Random(run * 77L));
            for (int i = 0; i < 12; i++) {
                Duration pause = backoff.next();
                least[i] = least[i] == null || pause.compareTo(least[i]) < 0 ? pause : least[i];
                most[i] = most[i] == null || pause.compareTo(most[i]) > 0 ? pause : most[i];
            }
        }
        for (int i = 0; i < 12; i++) {
            long limit = Math.min(60_000, 200L << i);
            assertTrue(least[i].toMillis() >= 100 && least[i].toMillis() < 100 + limit / 10, i + ": least " + least[i]);
            assertTrue(most[i].toMillis() <= limit && most[i].toMillis() > limit * 9 / 10, i + ": most " + most[i]);
        }
    }

    @Test
    void aMissingCertificateIsABadCredential() {
        house.certificate = Optional.of(new ClientCertificate("a.pem", "a.key"));
        house.noCertificate = new NoLoginException(Reason.BAD_CREDENTIAL, "there is no file a.pem");
        Conversation conversation = house.open();
        assertEquals(Reason.BAD_CREDENTIAL, conversation.status().reason());
        assertEquals("there is no file a.pem; the next try is 120 to 240 s later", conversation.status().detail());
        assertEquals(0, house.tries);
        house.noCertificate = null;
        pass(241);
        assertEquals(1, house.connections.size());
        assertEquals("a.pem", house.shown.get(house.shown.size() - 1).get().certificate());
    }
}
