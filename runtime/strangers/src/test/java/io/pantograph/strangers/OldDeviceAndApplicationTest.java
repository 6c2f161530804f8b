package io.pantograph.strangers;

import static io.pantograph.strangers.Cloud.json;
import static io.pantograph.strangers.Cloud.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.ibm.iotf.client.app.ApplicationClient;
import com.ibm.iotf.client.app.ApplicationStatus;
import com.ibm.iotf.client.app.Command;
import com.ibm.iotf.client.app.DeviceStatus;
import com.ibm.iotf.client.app.Event;
import com.ibm.iotf.client.app.EventCallback;
import com.ibm.iotf.client.app.StatusCallback;
import com.ibm.iotf.client.device.DeviceClient;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The device and application clients of com.ibm.messaging:watson-iot, over TLS. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OldDeviceAndApplicationTest {

    private static int count;

    private final String id = "old-" + ++count;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeviceStatus> presence = new LinkedBlockingQueue<>();
    private final BlockingQueue<com.ibm.iotf.client.device.Command> commands = new LinkedBlockingQueue<>();
    private Cloud cloud;
    private ApplicationClient application;
    private DeviceClient device;
    private String token;

    @BeforeEach
    void connect() throws Exception {
        cloud = Cloud.get();
        token = cloud.register("sensor", id);
        application = application("app-" + id);
        application.subscribeToDeviceEvents("sensor", id);
        application.subscribeToDeviceStatus("sensor", id);
        device = device(true);
    }

    @AfterEach
    void disconnect() {
        if (device != null && device.isConnected()) {
            device.disconnect();
        }
        application.disconnect();
    }

    private ApplicationClient application(String appId) throws Exception {
        ApplicationClient client = new ApplicationClient(cloud.application(appId));
        client.setEventCallback(new EventCallback() {
            @Override
            public void processEvent(Event event) {
                events.add(event);
            }

            @Override
            public void processCommand(Command command) {
            }
        });
        client.setStatusCallback(new StatusCallback() {
            @Override
            public void processApplicationStatus(ApplicationStatus status) {
            }

            @Override
            public void processDeviceStatus(DeviceStatus status) {
                presence.add(status);
            }
        });
        client.connect();
        return client;
    }

    private DeviceClient device(boolean clean) throws Exception {
        Properties options = cloud.device("sensor", id, token);
        options.setProperty("Clean-Session", String.valueOf(clean));
        DeviceClient client = new DeviceClient(options);
        client.setCommandCallback(commands::add);
        client.connect();
        return client;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void eventsArriveAtEveryQos(int qos) throws Exception {
        JsonObject data = json("{'celsius':21.5,'text':'é€😀'}").getAsJsonObject();
        assertTrue(device.publishEvent("status", data, qos));
        Event event = next(events, "the event");
        assertEquals("sensor", event.getDeviceType());
        assertEquals(id, event.getDeviceId());
        assertEquals("status", event.getEvent());
        assertEquals("json", event.getFormat());
        assertEquals(data, json(event.getPayload()));
    }

    @Test
    void bytesOfAForeignFormatArriveAsTheyAre() throws Exception {
        byte[] bytes = {0, 1, (byte) 0xff, 'x'};
        assertTrue(device.publishEvent("raw", bytes, "binary", 1));
        Event event = next(events, "the event");
        assertEquals("binary", event.getFormat());
        assertEquals(new String(bytes, StandardCharsets.ISO_8859_1), new String(event.getRawPayload(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void commandsReachTheDevice() throws Exception {
        com.ibm.iotf.client.device.Command command = null;
        while (command == null) { // the program does not wait for its subscription
            assertTrue(application.publishCommand("sensor", id, "set-point", json("{'celsius':19}"), 1));
            command = commands.poll(200, TimeUnit.MILLISECONDS);
        }
        assertEquals("set-point", command.getCommand());
        assertEquals("json", command.getFormat());
        assertEquals(json("{'celsius':19}"), json(command.getPayload()));
    }

    // The device subscribes with clean-session=false and is away; what is sent meanwhile waits for it.
    @Test
    void commandsSentWhileAwayAreStored() throws Exception {
        leave();
        device = device(false);
        // The program does not wait for its subscription to be granted, so neither can we.
        while (commands.poll(200, TimeUnit.MILLISECONDS) == null) {
            assertTrue(application.publishCommand("sensor", id, "warm-up", json("{}"), 1));
        }
        leave();
        commands.clear();
        for (int i = 0; i < 3; i++) {
            assertTrue(application.publishCommand("sensor", id, "later-" + i, json("{}"), 1));
        }
        device = device(false);
        for (int i = 0; i < 3; i++) {
            assertEquals("later-" + i, next(commands, "stored command " + i).getCommand());
        }
    }

    /** Disconnects, and waits until the hub knows: the program does not. */
    private void leave() throws InterruptedException {
        device.disconnect();
        while (!next(presence, "Disconnect").getAction().equals("Disconnect")) {
            // the Connect before
        }
    }

    @Test
    void applicationsAreToldWhoComesAndGoes() throws Exception {
        DeviceStatus came = next(presence, "Connect");
        assertEquals("Connect", came.getAction());
        assertEquals("d:" + cloud.org + ":sensor:" + id, came.getClientId());
        assertEquals("127", came.getClientAddr().split("\\.")[0]);
        assertEquals(cloud.mqttsPort(), came.getPort());
        assertTrue(device.publishEvent("status", json("{'n':1}"), 1));
        device.disconnect();
        DeviceStatus went = next(presence, "Disconnect");
        assertEquals("Disconnect", went.getAction());
        assertEquals(1, went.getReadMsg());
    }

    @Test
    void theNewestConnectionWins() throws Exception {
        Properties options = cloud.device("sensor", id, token);
        DeviceClient newer = new DeviceClient(options);
        newer.connect();
        assertTrue(newer.publishEvent("from", json("{'who':'newer'}"), 1));
        assertEquals(json("{'who':'newer'}"), json(next(events, "the newer one's event").getPayload()));
        for (int i = 0; i < 200 && device.isConnected(); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertFalse(device.isConnected(), "the older connection still stands");
        newer.disconnect();
    }

    @Test
    void nobodyHearsAnotherDevice() throws Exception {
        String other = "other-" + id;
        String otherToken = cloud.register("sensor", other);
        DeviceClient stranger = new DeviceClient(cloud.device("sensor", other, otherToken));
        BlockingQueue<com.ibm.iotf.client.device.Command> heard = new LinkedBlockingQueue<>();
        stranger.setCommandCallback(heard::add);
        stranger.connect();
        com.ibm.iotf.client.device.Command own = null;
        while (own == null) {
            assertTrue(application.publishCommand("sensor", id, "for-one-only", json("{}"), 1));
            assertTrue(application.publishCommand("sensor", other, "for-the-other", json("{}"), 1));
            own = heard.poll(200, TimeUnit.MILLISECONDS);
        }
        next(commands, "the command");
        for (; own != null; own = heard.poll(300, TimeUnit.MILLISECONDS)) {
            assertEquals("for-the-other", own.getCommand());
        }
        stranger.disconnect();
    }

    @Test
    void aWrongTokenIsRefused() throws Exception {
        DeviceClient impostor = new DeviceClient(cloud.device("sensor", id, "not-the-token"));
        impostor.setCommandCallback(commands::add);
        assertThrows(Exception.class, () -> impostor.connect(1));
        assertFalse(impostor.isConnected());
        assertTrue(device.isConnected(), "the true device was thrown out by a wrong token");
    }

    // Two members of a shared application: each event reaches one of them.
    @Test
    void sharedApplicationsShareTheLoad() throws Exception {
        Properties options = cloud.application("crew" + id.replace("-", ""));
        options.setProperty("Shared-Subscription", "true");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ApplicationClient one = member(options, "one", heard);
        ApplicationClient two = member(options, "two", heard);
        for (int i = 0; i < 20; i++) {
            assertTrue(device.publishEvent("load", json("{'n':" + i + "}"), 1));
        }
        int byOne = 0;
        for (int i = 0; i < 20; i++) {
            byOne += next(heard, "event " + i).equals("one") ? 1 : 0;
        }
        assertNull(heard.poll(500, TimeUnit.MILLISECONDS), "an event was heard twice");
        assertTrue(byOne > 0 && byOne < 20, byOne + " of 20 went to one member");
        one.disconnect();
        two.disconnect();
    }

    private ApplicationClient member(Properties options, String name, BlockingQueue<String> heard) throws Exception {
        ApplicationClient member = new ApplicationClient(options);
        member.setEventCallback(new EventCallback() {
            @Override
            public void processEvent(Event event) {
                heard.add(name);
            }

            @Override
            public void processCommand(Command command) {
            }
        });
        member.connect();
        member.subscribeToDeviceEvents("sensor", id);
        return member;
    }
}
