package io.pantograph.strangers;

import static io.pantograph.strangers.Cloud.json;
import static io.pantograph.strangers.Cloud.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.ibm.iotf.client.app.ApplicationClient;
import com.ibm.iotf.client.app.Event;
import com.ibm.iotf.client.app.EventCallback;
import com.ibm.wiotp.sdk.codecs.JsonCodec;
import com.ibm.wiotp.sdk.codecs.Utf8Codec;
import com.ibm.wiotp.sdk.device.Command;
import com.ibm.wiotp.sdk.device.CommandCallback;
import com.ibm.wiotp.sdk.device.DeviceClient;
import com.ibm.wiotp.sdk.device.config.DeviceConfig;
import com.ibm.wiotp.sdk.device.config.DeviceConfigAuth;
import com.ibm.wiotp.sdk.device.config.DeviceConfigIdentity;
import com.ibm.wiotp.sdk.device.config.DeviceConfigOptions;
import com.ibm.wiotp.sdk.device.config.DeviceConfigOptionsMqtt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The device client of com.ibm.wiotp:com.ibm.wiotp.sdk, over TLS and over WebSocket in TLS. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NewDeviceTest {

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "websockets"})
    void publishesAndTakesCommands(String transport) throws Exception {
        Cloud cloud = Cloud.get();
        String id = "new-" + transport;
        String token = cloud.register("probe", id);
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        ApplicationClient application = new ApplicationClient(cloud.application("watch-" + id));
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
        application.subscribeToDeviceEvents("probe", id);

        DeviceConfigOptions options = new DeviceConfigOptions();
        options.mqtt = new DeviceConfigOptionsMqtt();
        options.mqtt.port = cloud.mqttsPort();
        options.mqtt.transport = transport;
        DeviceClient device = new DeviceClient(
                new DeviceConfig(new DeviceConfigIdentity(cloud.org, "probe", id), new DeviceConfigAuth(token), options));
        device.registerCodec(new JsonCodec());
        device.registerCodec(new Utf8Codec());
        BlockingQueue<Command<JsonObject>> commands = new LinkedBlockingQueue<>();
        device.registerCommandCallback(new CommandCallback<JsonObject>() {
            @Override
            public void processCommand(Command<JsonObject> command) {
                commands.add(command);
            }

            @Override
            public Class<JsonObject> getMessageClass() {
                return JsonObject.class;
            }
        });
        device.connect();

        for (int qos = 0; qos <= 2; qos++) {
            assertTrue(device.publishEvent("status", json("{'qos':" + qos + "}"), qos));
            assertEquals(json("{'qos':" + qos + "}"), json(next(events, "the event of QoS " + qos).getPayload()));
        }
        assertTrue(device.publishEvent("words", "grüße", 1));
        Event words = next(events, "the text");
        assertEquals("utf8", words.getFormat());

        assertTrue(application.publishCommand("probe", id, "blink", json("{'times':3}"), 1));
        Command<JsonObject> command = next(commands, "the command");
        assertEquals("blink", command.getCommandId());
        assertEquals(3, command.getData().get("times").getAsInt());

        device.disconnect();
        device.close();
        application.disconnect();
    }
}
