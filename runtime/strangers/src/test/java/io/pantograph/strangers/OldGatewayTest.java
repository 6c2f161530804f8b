package io.pantograph.strangers;

import static io.pantograph.strangers.Cloud.json;
import static io.pantograph.strangers.Cloud.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.ibm.iotf.client.api.APIClient;
import com.ibm.iotf.client.app.ApplicationClient;
import com.ibm.iotf.client.app.Event;
import com.ibm.iotf.client.app.EventCallback;
import com.ibm.iotf.client.gateway.Command;
import com.ibm.iotf.client.gateway.GatewayCallback;
import com.ibm.iotf.client.gateway.GatewayClient;
import com.ibm.iotf.client.gateway.Notification;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gateway client of com.ibm.messaging:watson-iot, over TLS. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OldGatewayTest {

    @Test
    void speaksForItselfAndForDevicesItBrings() throws Exception {
        Cloud cloud = Cloud.get();
        APIClient rest = cloud.rest();
        rest.addGatewayDeviceType(json("{'id':'gate','classId':'Gateway'}"));
        rest.addDeviceType(json("{'id':'attached','classId':'Device'}"));
        String token = rest.registerDevice("gate", json("{'deviceId':'g-1'}")).get("authToken").getAsString();

        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        ApplicationClient application = new ApplicationClient(cloud.application("gateway-watcher"));
        application.setEventCallback(new EventCallback() {
            @Override
            public void processEvent(Event event) {
                events.add(event);
            }

            @Override
            public void processCommand(com.ibm.iotf.client.app.Command command) {
            }
        });
        application.connect();
        application.subscribeToDeviceEvents("gate");
        application.subscribeToDeviceEvents("attached");

        Properties options = new Properties();
        options.setProperty("Organization-ID", cloud.org);
        options.setProperty("Gateway-Type", "gate");
        options.setProperty("Gateway-ID", "g-1");
        options.setProperty("Authentication-Method", "token");
        options.setProperty("Authentication-Token", token);
        options.setProperty("Port", String.valueOf(cloud.mqttsPort()));
        BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
        GatewayClient gateway = new GatewayClient(options);
        gateway.setGatewayCallback(new GatewayCallback() {
            @Override
            public void processCommand(Command command) {
                commands.add(command);
            }

            @Override
            public void processNotification(Notification notification) {
            }
        });
        gateway.connect();
        gateway.subscribeToGatewayNotification();

        assertTrue(gateway.publishGatewayEvent("own", json("{'n':1}"), 1));
        assertEquals("g-1", next(events, "the gateway's own event").getDeviceId());

        // The hub has never heard of this device: the gateway brings it along.
        assertTrue(gateway.publishDeviceEvent("attached", "a-1", "status", json("{'n':2}"), 1));
        assertEquals("a-1", next(events, "the attached device's event").getDeviceId());
        assertTrue(rest.isDeviceExist("attached", "a-1"));
        JsonObject behind = rest.getDevicesConnectedThroughGateway("gate", "g-1");
        JsonElement results = behind.get("results");
        assertTrue(results.toString().contains("a-1"), behind.toString());

        gateway.subscribeToDeviceCommands("attached", "a-1");
        Command command = null;
        while (command == null) { // the program does not wait for its subscription
            assertTrue(application.publishCommand("attached", "a-1", "blink", json("{'n':3}"), 1));
            command = commands.poll(200, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        assertEquals("blink", command.getCommand());
        assertEquals("a-1", command.getDeviceId());

        // A type nobody registered: the gateway lives on. (It is told, but this program drops what it is told.)
        assertTrue(gateway.publishDeviceEvent("nosuchtype", "x", "status", json("{}"), 1));
        assertTrue(gateway.publishGatewayEvent("own", json("{'n':4}"), 1));
        assertEquals("g-1", next(events, "an event after that").getDeviceId());

        gateway.disconnect();
        application.disconnect();
    }
}
