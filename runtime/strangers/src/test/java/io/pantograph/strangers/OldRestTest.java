package io.pantograph.strangers;

import static io.pantograph.strangers.Cloud.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.ibm.iotf.client.IoTFCReSTException;
import com.ibm.iotf.client.api.APIClient;
import com.ibm.iotf.client.device.DeviceClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.http.NameValuePair;
import org.apache.http.message.BasicNameValuePair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The REST client of com.ibm.messaging:watson-iot, over TLS. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OldRestTest {

    private Cloud cloud;
    private APIClient rest;

    @BeforeEach
    void open() throws Exception {
        cloud = Cloud.get();
        rest = cloud.rest();
    }

    @Test
    void organisation() throws Exception {
        assertEquals(cloud.org, rest.getOrganizationDetails().get("id").getAsString());
    }

    @Test
    void deviceTypes() throws Exception {
        rest.addDeviceType("pump", "moves water", json("{'manufacturer':'acme'}"), json("{'colour':'red'}"));
        assertTrue(rest.isDeviceTypeExist("pump"));
        JsonObject type = rest.getDeviceType("pump");
        assertEquals("moves water", type.get("description").getAsString());
        assertEquals("acme", type.get("deviceInfo").getAsJsonObject().get("manufacturer").getAsString());
        rest.updateDeviceType("pump", json("{'description':'moves air'}"));
        assertEquals("moves air", rest.getDeviceType("pump").get("description").getAsString());
        assertTrue(rest.getAllDeviceTypes(new ArrayList<>()).get("results").toString().contains("pump"));
        IoTFCReSTException twice = assertThrows(IoTFCReSTException.class, () -> rest.addDeviceType(json("{'id':'pump'}")));
        assertEquals(409, twice.getHttpCode());
        assertTrue(rest.deleteDeviceType("pump"));
        assertFalse(rest.isDeviceTypeExist("pump"));
        IoTFCReSTException gone = assertThrows(IoTFCReSTException.class, () -> rest.getDeviceType("pump"));
        assertEquals(404, gone.getHttpCode());
    }

    @Test
    void devices() throws Exception {
        rest.addDeviceType(json("{'id':'valve'}"));
        JsonObject made = rest.registerDevice("valve", "v-1", "token-of-v1-123456", json("{'serialNumber':'7'}"),
                json("{'longitude':8.5,'latitude':49.0}"), json("{'floor':3}"));
        assertEquals("token-of-v1-123456", made.get("authToken").getAsString());
        assertTrue(rest.isDeviceExist("valve", "v-1"));
        JsonObject device = rest.getDevice("valve", "v-1");
        assertEquals("d:" + cloud.org + ":valve:v-1", device.get("clientId").getAsString());
        assertEquals("7", device.get("deviceInfo").getAsJsonObject().get("serialNumber").getAsString());
        assertEquals(3, device.get("metadata").getAsJsonObject().get("floor").getAsInt());
        assertFalse(device.has("authToken"), "a token is told once");
        assertEquals(8.5, rest.getDeviceLocation("valve", "v-1").get("longitude").getAsDouble());
        rest.updateDeviceLocation("valve", "v-1", json("{'longitude':9.5,'latitude':50.0}"));
        assertEquals(9.5, rest.getDeviceLocation("valve", "v-1").get("longitude").getAsDouble());
        rest.updateDevice("valve", "v-1", json("{'metadata':{'floor':4},'deviceInfo':null}"));
        JsonObject updated = rest.getDevice("valve", "v-1");
        assertEquals(4, updated.get("metadata").getAsJsonObject().get("floor").getAsInt());
        assertEquals("7", updated.get("deviceInfo").getAsJsonObject().get("serialNumber").getAsString());
        assertThrows(IoTFCReSTException.class, () -> rest.registerDevice("valve", json("{'deviceId':'v-1'}")));
        assertThrows(IoTFCReSTException.class, () -> rest.registerDevice("valve", json("{'deviceId':'a/b'}")));
        assertTrue(rest.deleteDevice("valve", "v-1"));
        assertFalse(rest.isDeviceExist("valve", "v-1"));
    }

    @Test
    void listsComeInPages() throws Exception {
        rest.addDeviceType(json("{'id':'paged'}"));
        for (int i = 0; i < 5; i++) {
            rest.registerDevice("paged", json("{'deviceId':'p-" + i + "'}"));
        }
        List<String> seen = new ArrayList<>();
        String bookmark = null;
        do {
            List<NameValuePair> query = new ArrayList<>(List.of(new BasicNameValuePair("_limit", "2")));
            if (bookmark != null) {
                query.add(new BasicNameValuePair("_bookmark", bookmark));
            }
            JsonObject page = rest.retrieveDevices("paged", query);
            page.getAsJsonArray("results").forEach(device -> seen.add(device.getAsJsonObject().get("deviceId").getAsString()));
            bookmark = page.has("bookmark") ? page.get("bookmark").getAsString() : null;
        } while (bookmark != null);
        assertEquals(List.of("p-0", "p-1", "p-2", "p-3", "p-4"), seen);
    }

    @Test
    void manyAtOnce() throws Exception {
        rest.addDeviceType(json("{'id':'bulk'}"));
        JsonArray made = rest.addMultipleDevices(
                json("[{'typeId':'bulk','deviceId':'b-1'},{'typeId':'bulk','deviceId':'b-2'}]").getAsJsonArray());
        assertEquals(2, made.size());
        for (JsonElement one : made) {
            assertTrue(one.getAsJsonObject().get("success").getAsBoolean(), one.toString());
            assertTrue(one.getAsJsonObject().has("authToken"), one.toString());
        }
        assertTrue(rest.getAllDevices().get("results").toString().contains("b-2"));
        rest.deleteMultipleDevices(json("[{'typeId':'bulk','deviceId':'b-1'},{'typeId':'bulk','deviceId':'b-2'}]").getAsJsonArray());
        assertFalse(rest.isDeviceExist("bulk", "b-1"));
    }

    @Test
    void theLastEventIsRememberedAndConnectionsAreLogged() throws Exception {
        String token = cloud.register("meter", "m-1");
        DeviceClient device = new DeviceClient(cloud.device("meter", "m-1", token));
        device.connect();
        assertTrue(device.publishEvent("power", json("{'watt':7}"), 1));
        device.disconnect();
        JsonObject last = eventually(() -> rest.getLastEvent("meter", "m-1", "power").getAsJsonObject());
        assertEquals("json", last.get("format").getAsString());
        String payload = new String(Base64.getDecoder().decode(last.get("payload").getAsString()), StandardCharsets.UTF_8);
        assertEquals(json("{'watt':7}"), json(payload));
        assertEquals(1, rest.getLastEvents("meter", "m-1").getAsJsonArray().size());
        JsonArray log = eventually(() -> rest.getDeviceConnectionLogs("meter", "m-1"));
        assertTrue(log.size() >= 1, "no connection log");
        assertTrue(log.get(0).getAsJsonObject().has("message") && log.get(0).getAsJsonObject().has("timestamp"), log.toString());
    }

    @Test
    void eventsAndCommandsByHttp() throws Exception {
        assumeTrue(cloud.onTheCloudsPorts(), "the program knows no other ports than 443 and 8883, which may not be opened here");
        String token = cloud.register("poster", "h-1");
        DeviceClient device = new DeviceClient(cloud.device("poster", "h-1", token));
        assertTrue(device.api().publishDeviceEventOverHTTP("posted", json("{'n':1}").getAsJsonObject()));
        JsonObject last = eventually(() -> rest.getLastEvent("poster", "h-1", "posted").getAsJsonObject());
        assertEquals("posted", last.get("eventId").getAsString());
        assertTrue(rest.publishApplicationEventforDeviceOverHTTP("h-1", "poster", "by-app", json("{'n':2}").getAsJsonObject()));
        eventually(() -> rest.getLastEvent("poster", "h-1", "by-app").getAsJsonObject());
    }

    @Test
    void aWrongKeyIsRefused() throws Exception {
        Properties options = cloud.application("rest");
        options.setProperty("auth-token", "wrong");
        if (!cloud.onTheCloudsPorts()) {
            options.setProperty("domain", "internetofthings.ibmcloud.com:" + cloud.box.port("pantograph.hub.https.port"));
        }
        IoTFCReSTException refused = assertThrows(IoTFCReSTException.class, () -> new APIClient(options).getOrganizationDetails());
        assertEquals(401, refused.getHttpCode());
    }

    /** What is written behind may take a moment. */
    private static <T> T eventually(java.util.concurrent.Callable<T> question) throws Exception {
        for (int tries = 0; ; tries++) {
            try {
                return question.call();
            } catch (IoTFCReSTException e) {
                if (tries == 100) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }
}
