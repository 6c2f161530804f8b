package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.TransportException;
import io.pantograph.session.House.FakeConnection;
import io.pantograph.session.House.FakeProvisioning;
import io.pantograph.testkit.Await;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that knows only who it is, and asks which hub it belongs to. */
class ProvisioningTest {

    private static final TransportException REFUSAL = new TransportException(Reason.BAD_CREDENTIAL, "not authorised", null);

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void begin() {
        restart();
    }

    /** The gateway begins anew; what is in the folder stays. */
    private void restart() {
        house = new House();
        house.folder = folder;
        house.provisioning = new FakeProvisioning(house);
    }

    private void pass(int seconds) {
        house.clock.advance(Duration.ofSeconds(seconds));
    }

    /** The service's answer on the last connection, then what follows from it. */
    private void says(String body) {
        house.last().arrives("dps/res", body);
        house.settle();
    }

    private List<String> hosts() {
        return house.endpoints.stream().map(endpoint -> endpoint.host()).toList();
    }

    /** As far as the connection to the hub. */
    private Conversation assigned(String host) {
        Conversation conversation = house.open();
        says("at " + host);
        return conversation;
    }

    @Test
    void asksWaitsAsToldAndConnectsToTheHubItIsAssignedTo() {
        Conversation conversation = house.open();
        FakeConnection service = house.last();
        assertEquals(State.CONNECTING, conversation.status().state());
        assertEquals("provisioning", conversation.status().detail());
        assertEquals("dps/res", service.subscriptions.get(0).filter());
        assertEquals(List.of("register"), service.sent);
        assertEquals("me", service.frames.get(0).payload().text());
        assertEquals(Qos.AT_LEAST_ONCE, service.frames.get(0).qos());
        says("wait 3");
        pass(2);
        assertEquals(List.of("register"), service.sent);
        pass(1);
        assertEquals(List.of("register", "poll"), service.sent);
        assertTrue(service.frames.get(1).payload().isEmpty());
        says("at hub1");
        assertTrue(service.closed);
        assertEquals(List.of("dps", "hub1"), hosts());
        assertEquals(State.CONNECTED, conversation.status().state());
        assertEquals(List.of("reg", "d"), house.logins.stream().map(login -> login.clientId()).toList());
    }

    @Test
    void theAssignedProfileFramesAndReads() {
        assigned("hub1");
        house.lane.put("a");
        assertEquals(List.of("a"), house.last().sent);
        house.last().arrives("blink/text", "x");
        assertEquals(1, house.commands.size());
    }

    // An answer that the service sends twice must not make two questions; what is no answer is passed over.
    @Test
    void oneQuestionForEachAnswer() {
        house.open();
        says("rubbish");
        says("");
        says("wait 3");
        says("wait 3");
        pass(5);
        assertEquals(List.of("register", "poll"), house.last().sent);
    }

    @Test
    void theAssignmentSurvivesARestart() throws IOException {
        assigned("hub1");
        Path file = folder.resolve("assignments.properties");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        restart();
        house.open();
        assertEquals(List.of("hub1"), hosts());
    }

    @Test
    void aFileThatIsBrokenIsAsGoodAsNone() throws IOException {
        assigned("hub1");
        Path file = folder.resolve("assignments.properties");
        String good = Files.readString(file);
        for (String bad : List.of("", "\\u12", good.replace("hub1", "hub2"), good.substring(0, good.length() / 2), "\0\0\0")) {
            Files.writeString(file, bad);
            restart();
            house.open();
            assertEquals(List.of("dps"), hosts(), "with " + bad);
        }
        says("at hub3");
        restart();
        house.open();
        assertEquals(List.of("hub3"), hosts());
    }

    // The device was moved to another hub: the old one refuses it, and the service is asked again soon.
    @Test
    void anOldAssignmentThatIsRefusedIsForgotten() {
        assigned("hub1");
        restart();
        house.refusals = endpoint -> endpoint.host().equals("hub1") ? REFUSAL : null;
        Conversation conversation = house.open();
        assertFalse(conversation.connected().toCompletableFuture().isDone());
        pass(1);
        assertEquals(List.of("hub1", "dps"), hosts());
        says("at hub2");
        assertEquals(State.CONNECTED, conversation.status().state());
        assertEquals("hub2", house.endpoints.get(2).host());
    }

    @Test
    void aHubThatRefusesWhoWasJustAssignedToItIsNotHammered() {
        house.refusals = endpoint -> endpoint.host().equals("hub1") ? REFUSAL : null;
        Conversation conversation = assigned("hub1");
        assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, conversation.connected()).reason());
        for (int i = 0; i < 3600; i++) {
            pass(1);
            if (!house.last().closed) {
                says("at hub1");
            }
        }
        assertTrue(house.tries > 20 && house.tries < 80, house.tries + " tries in an hour");
    }

    // With the network down no name is known: what is kept may be right all the same.
    @Test
    void aHubThatCannotBeFoundIsAskedForButNotForgotten() {
        assigned("hub1");
        restart();
        TransportException unknown = new TransportException(Reason.NO_NETWORK, "no address", new UnknownHostException("hub1"));
        house.refusals = endpoint -> unknown;
        house.open();
        pass(10);
        assertTrue(hosts().contains("dps"), hosts().toString());
        int tries = house.tries;
        house.refusals = endpoint -> endpoint.host().equals("dps") ? unknown : null;
        pass(120);
        assertTrue(house.tries > tries);
        assertEquals("hub1", hosts().get(hosts().size() - 1));
        assertEquals(1, house.connections.size());
    }

    @Test
    void aHubWhoseNameIsGoneIsReplaced() {
        assigned("hub1");
        restart();
        house.refusals = endpoint -> endpoint.host().equals("hub1")
                ? new TransportException(Reason.NO_NETWORK, "no address", new UnknownHostException("hub1")) : null;
        Conversation conversation = house.open();
        pass(2);
        says("at hub2");
        assertEquals(State.CONNECTED, conversation.status().state());
        restart();
        house.open();
        assertEquals(List.of("hub2"), hosts());
    }

    @Test
    void aRefusalOfTheServiceIsToldAndItsPauseKept() {
        Conversation conversation = house.open();
        says("no HUB_UNAVAILABLE 50");
        assertEquals(State.WAITING, conversation.status().state());
        assertEquals(Reason.HUB_UNAVAILABLE, conversation.status().reason());
        assertEquals("the service says no", conversation.status().detail());
        assertFalse(conversation.connected().toCompletableFuture().isDone(), "it is busy, and has nothing against this device");
        pass(49);
        assertEquals(1, house.tries);
        pass(2);
        assertEquals(2, house.tries);
    }

    @Test
    void aDeviceThatTheServiceDoesNotWantIsTold() {
        Conversation conversation = house.open();
        says("no BAD_CREDENTIAL 0");
        assertEquals(Reason.BAD_CREDENTIAL, conversation.status().reason());
        assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, conversation.connected()).reason());
        pass(119);
        assertEquals(1, house.tries);
    }

    @Test
    void aServiceThatRefusesTheLoginIsHardlyAskedAgain() {
        house.refusals = endpoint -> REFUSAL;
        Conversation conversation = house.open();
        assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, conversation.connected()).reason());
        String detail = conversation.status().detail();
        assertTrue(detail.startsWith("at the provisioning service tcp://dps:"), detail);
        pass(3600);
        assertTrue(house.tries > 10 && house.tries < 40, house.tries + " tries in an hour");
    }

    @Test
    void aServiceThatSaysNothingOrIsCutIsAskedAgain() {
        Conversation conversation = house.open();
        pass(30);
        assertEquals(Reason.TIMEOUT, conversation.status().reason());
        pass(1);
        assertEquals(2, house.connections.size());
        house.last().cut();
        pass(2);
        assertEquals(3, house.connections.size());
        says("at hub1");
        assertEquals(State.CONNECTED, conversation.status().state());
    }

    @Test
    void anAssignmentOfNoUseIsAskedForAgain() {
        house.provisioning = new FakeProvisioning(house) {
            @Override
            public Profile assigned(Map<String, String> assignment) {
                throw new IllegalArgumentException("no hub");
            }
        };
        Conversation conversation = assigned("hub1");
        assertEquals(Reason.HUB_UNAVAILABLE, conversation.status().reason());
        assertTrue(conversation.status().detail().contains("no hub"));
        assertFalse(Files.exists(folder.resolve("assignments.properties")));
    }

    @Test
    void closingEndsIt() {
        Conversation conversation = house.open();
        conversation.close();
        pass(1);
        assertTrue(house.last().closed);
        assertEquals(State.CLOSED, conversation.status().state());
        pass(600);
        assertEquals(1, house.tries);
        assertEquals(0, house.clock.waiting());
    }
}
