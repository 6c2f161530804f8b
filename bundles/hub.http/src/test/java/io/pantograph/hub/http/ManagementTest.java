package io.pantograph.hub.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Database;
import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.hub.Management;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Device management by REST, with a device that speaks where its messages are handed in. */
class ManagementTest {

    private static final DeviceId PUMP = new DeviceId("pump", "p-1");
    private static final String DEVICE = "/device/types/pump/devices/p-1";

    @TempDir
    static Path folder;
    private static House house;
    private static final List<String> TOLD = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() throws Exception {
        house = new House(folder);
        HubTransport front = (HubTransport) Proxy.newProxyInstance(ManagementTest.class.getClassLoader(), new Class<?>[] {HubTransport.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("route")) {
                        TOLD.add(arguments[0] + " " + ((Bytes) arguments[1]).text());
                        return CompletableFuture.completedFuture(null);
                    }
                    return method.getName().equals("hashCode") ? (Object) 1 : method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : null;
                });
        house.felix().context().registerService(HubTransport.class, front, null);
        call("POST", "/device/types", "{'id':'pump'}");
        call("POST", "/device/types", "{'id':'gw','classId':'Gateway'}");
        call("POST", "/device/types/gw/devices", "{'deviceId':'g-1','authToken':'gateway-token'}");
        call("POST", "/device/types/pump/devices", "{'deviceId':'p-1','authToken':'device-token'}");
        call("POST", "/device/types/pump/devices", "{'deviceId':'p-2','gatewayId':'g-1','gatewayTypeId':'gw'}");
        say("mgmt/manage", "{'d':{'lifetime':3600,'supports':{'deviceActions':true,'firmwareActions':true,'plugins-v1':true}}}");
    }

    @AfterAll
    static void close() throws Exception {
        house.close();
    }

    private static HttpResponse<String> call(String method, String path, String body) throws Exception {
        return house.call(method, path, "key", body == null ? null : body.replace('\'', '"'));
    }

    private static Values object(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = call(method, path, body);
        assertEquals(status, answer.statusCode(), answer.body());
        return house.object(answer);
    }

    /** The device says it, and it is heard when this returns. */
    private static void say(String path, String text) {
        house.felix().service(Management.class).heard(PUMP, path, Bytes.utf8(text.replace('\'', '"')));
        if (path.equals("mgmt/manage")) {
            Await.until("it is managed", () -> house.felix().service(Management.class).managed(PUMP).isPresent());
        }
        house.felix().service(Database.class).call(work -> null);
    }

    // Each row builds on those above it: method, path, who, status, body. {r} is the request made last.
    private static final String CALLS = """
            GET    /device/types/pump/devices/p-1/mgmt               | key | 200 |
            GET    /device/types/pump/devices/p-2/mgmt               | key | 404 |
            GET    /device/types/pump/devices/p-9/mgmt               | key | 404 |
            GET    /device/types/pump/devices/p-1/mgmt               | use-token-auth:device-token | 403 |
            GET    /device/types/pump/devices/p-1/mgmt               | g/edge01/gw/g-1:gateway-token | 200 |
            GET    /device/types/pump/devices/p-1?_expand=location,mgmt | key | 200 |
            GET    /device/types/pump/devices/p-1/diag/logs          | key | 200 |
            GET    /device/types/pump/devices/p-9/diag/logs          | key | 404 |
            GET    /device/types/pump/devices/p-1/diag/logs          | -   | 401 |
            POST   /device/types/pump/devices/p-1/diag/logs          | key | 201 | {"message":"hot","timestamp":"2026-01-01T00:00:00Z","severity":2,"data":"AAEC"}
            POST   /device/types/pump/devices/p-1/diag/logs          | key | 201 | {"message":"warm","severity":null}
            POST   /device/types/pump/devices/p-1/diag/logs          | key | 400 | {"severity":1}
            POST   /device/types/pump/devices/p-1/diag/logs          | key | 400 | {"message":"hot","severity":9}
            POST   /device/types/pump/devices/p-1/diag/logs          | key | 400 | {"message":"hot","data":"*"}
            POST   /device/types/pump/devices/p-1/diag/logs          | key | 400 | {"message":"hot","colour":"red"}
            POST   /device/types/pump/devices/p-9/diag/logs          | key | 404 | {"message":"hot"}
            POST   /device/types/pump/devices/p-1/diag/logs          | g/edge01/gw/g-1:gateway-token | 403 | {"message":"hot"}
            POST   /device/types/pump/devices/p-2/diag/logs          | g/edge01/gw/g-1:gateway-token | 201 | {"message":"hot"}
            GET    /device/types/pump/devices/p-1/diag/logs/unknown  | key | 404 |
            DELETE /device/types/pump/devices/p-1/diag/logs/unknown  | key | 404 |
            DELETE /device/types/pump/devices/p-1/diag/logs          | key | 204 |
            DELETE /device/types/pump/devices/p-9/diag/logs          | key | 404 |
            GET    /device/types/pump/devices/p-1/diag/errorCodes    | key | 200 |
            POST   /device/types/pump/devices/p-1/diag/errorCodes    | key | 201 | {"errorCode":100,"timestamp":"2026-01-01T00:00:00Z"}
            POST   /device/types/pump/devices/p-1/diag/errorCodes    | key | 201 | {"errorCode":101}
            POST   /device/types/pump/devices/p-1/diag/errorCodes    | key | 400 | {"errorCode":"x"}
            POST   /device/types/pump/devices/p-1/diag/errorCodes    | key | 400 | {}
            POST   /device/types/pump/devices/p-9/diag/errorCodes    | key | 404 | {"errorCode":1}
            DELETE /device/types/pump/devices/p-1/diag/errorCodes    | key | 204 |
            GET    /mgmt/custom/bundle                               | key | 200 |
            POST   /mgmt/custom/bundle                               | key | 201 | {"bundleId":"plugins-v1","displayName":{"en":"x"},"description":null,"actions":{"install":{"actionDisplayName":{"en":"x"},"parameters":[{"name":"id","value":"[a-z]+","required":true}]}}}
            POST   /mgmt/custom/bundle                               | key | 409 | {"bundleId":"plugins-v1","displayName":{"en":"x"},"actions":{"install":{"actionDisplayName":{"en":"x"}}}}
            POST   /mgmt/custom/bundle                               | key | 400 | {"bundleId":"other","displayName":{"en":"x"},"actions":{}}
            POST   /mgmt/custom/bundle                               | g/edge01/gw/g-1:gateway-token | 403 | {}
            GET    /mgmt/custom/bundle/plugins-v1                    | key | 200 |
            GET    /mgmt/custom/bundle/unknown                       | key | 404 |
            PUT    /mgmt/custom/bundle/plugins-v1                    | key | 200 | {"bundleId":"plugins-v1","displayName":{"en":"y"},"actions":{"install":{"actionDisplayName":{"en":"x"},"parameters":[{"name":"id","value":"[a-z]+","required":true}]}}}
            PUT    /mgmt/custom/bundle/plugins-v1                    | key | 400 | {"bundleId":"another","displayName":{"en":"y"},"actions":{"a":{"actionDisplayName":{"en":"x"}}}}
            PUT    /mgmt/custom/bundle/unknown                       | key | 404 | {"bundleId":"unknown","displayName":{"en":"y"},"actions":{"a":{"actionDisplayName":{"en":"x"}}}}
            GET    /mgmt/requests                                    | key | 200 |
            GET    /mgmt/requests                                    | g/edge01/gw/g-1:gateway-token | 403 |
            GET    /mgmt/requests?_limit=0                           | key | 400 |
            GET    /mgmt/requests?_bookmark=bm9uc2Vuc2U              | key | 400 |
            GET    /mgmt/requests?typeId=pump                        | key | 400 |
            POST   /mgmt/requests                                    | key | 202 | {"action":"device/reboot","devices":[{"typeId":"pump","deviceId":"p-1"}]}
            GET    /mgmt/requests/{r}                                | key | 200 |
            GET    /mgmt/requests/{r}/deviceStatus                   | key | 200 |
            GET    /mgmt/requests/{r}/deviceStatus/pump/p-1          | key | 200 |
            GET    /mgmt/requests/{r}/deviceStatus/pump/p-2          | key | 404 |
            POST   /mgmt/requests                                    | key | 409 | {"action":"firmware/update","devices":[{"typeId":"pump","deviceId":"p-1"}]}
            POST   /mgmt/requests?override=perhaps                   | key | 400 | {"action":"device/reboot","devices":[{"typeId":"pump","deviceId":"p-1"}]}
            POST   /mgmt/requests?override=true                      | key | 202 | {"action":"device/factoryReset","devices":[{"typeId":"pump","deviceId":"p-1"}],"parameters":[],"timeout":5}
            POST   /mgmt/requests/{r}/cancel                         | key | 200 |
            DELETE /mgmt/requests/{r}                                | key | 204 |
            DELETE /mgmt/requests/{r}                                | key | 404 |
            GET    /mgmt/requests/{r}                                | key | 404 |
            POST   /mgmt/requests/{r}/cancel                         | key | 404 |
            GET    /mgmt/requests/{r}/deviceStatus                   | key | 404 |
            GET    /mgmt/requests/{r}/deviceStatus/pump/p-1          | key | 404 |
            POST   /mgmt/requests                                    | key | 202 | {"action":"plugins-v1/install","devices":[{"typeId":"pump","deviceId":"p-1"}],"parameters":[{"name":"id","value":"abc"}]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"plugins-v1/install","devices":[{"typeId":"pump","deviceId":"p-1"}],"parameters":[{"name":"id","value":"ABC"}]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"plugins-v1/install","devices":[{"typeId":"pump","deviceId":"p-1"}],"parameters":[{"name":"id","value":{}}]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"plugins-v1/install","devices":[{"typeId":"pump","deviceId":"p-1"}],"parameters":{"id":"abc"}}
            POST   /mgmt/requests                                    | key | 404 | {"action":"plugins-v1/dance","devices":[{"typeId":"pump","deviceId":"p-1"}]}
            POST   /mgmt/requests                                    | key | 404 | {"action":"other-v1/install","devices":[{"typeId":"pump","deviceId":"p-1"}]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"device/dance","devices":[{"typeId":"pump","deviceId":"p-1"}]}
            POST   /mgmt/requests                                    | key | 404 | {"action":"device/reboot","devices":[{"typeId":"pump","deviceId":"p-9"}]}
            POST   /mgmt/requests                                    | key | 409 | {"action":"device/reboot","devices":[{"typeId":"pump","deviceId":"p-2"}]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"device/reboot","devices":[]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"device/reboot"}
            POST   /mgmt/requests                                    | key | 400 | {"devices":[{"typeId":"pump","deviceId":"p-1"}]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"device/reboot","devices":[{"typeId":"pump"}]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"device/reboot","devices":["p-1"]}
            POST   /mgmt/requests                                    | key | 400 | {"action":"device/reboot","devices":[{"typeId":"pump","deviceId":"p-1"}],"timeout":-1}
            POST   /mgmt/requests                                    | key | 400 | {"action":"device/reboot","devices":[{"typeId":"pump","deviceId":"p-1"}],"colour":"red"}
            DELETE /mgmt/custom/bundle/plugins-v1                    | key | 204 |
            DELETE /mgmt/custom/bundle/plugins-v1                    | key | 404 |
            PATCH  /mgmt/requests                                    | key | 405 | {}
            """;

    private String made = "none";

    @TestFactory
    Stream<DynamicTest> answersEachCall() {
        return CALLS.lines().map(line -> {
            String[] cells = line.split("\\|", 4);
            String[] call = cells[0].trim().split(" +");
            return DynamicTest.dynamicTest(line.trim(), () -> {
                String body = cells[3].trim();
                HttpResponse<String> answer = house.call(call[0], call[1].replace("{r}", made), cells[1].trim(), body.isEmpty() ? null : body);
                assertEquals(Integer.parseInt(cells[2].trim()), answer.statusCode(), answer.body());
                if (answer.statusCode() == 202) {
                    made = house.object(answer).text("reqId");
                }
            });
        });
    }

    @Test
    void aFirmwareDownloadFromTheFirstWordToTheLast() throws Exception {
        TOLD.clear();
        String request = object("POST", "/mgmt/requests?override=true", "{'action':'firmware/download','devices':[{'typeId':'pump','deviceId':'p-1'}],"
                + "'parameters':[{'name':'uri','value':'https://x/fw'},{'name':'version','value':'2'}]}", 202).text("reqId");
        Values underWay = object("GET", "/mgmt/requests/" + request, null, 200);
        assertEquals("firmware/download", underWay.text("action"));
        assertEquals(List.of(Values.of("name", "uri", "value", "https://x/fw"), Values.of("name", "version", "value", "2")), underWay.list("parameters"));
        assertFalse(underWay.flag("complete"));
        Values part = object("GET", "/mgmt/requests/" + request + "/deviceStatus/pump/p-1", null, 200);
        assertFalse(part.containsKey("status"), "0 would mean that it succeeded");
        answer("device/update", 204);
        answer("observe", 200);
        answer("mgmt/initiate/firmware/download", 202);
        say("notify", "{'d':{'fields':[{'field':'mgmt.firmware','value':{'state':1}}]}}");
        say("notify", "{'d':{'fields':[{'field':'mgmt.firmware','value':{'state':2}}]}}");
        answer("cancel", 200);
        Await.until("it is complete", () -> complete(request));
        Values done = (Values) object("GET", "/mgmt/requests/" + request + "/deviceStatus", null, 200).list("results").get(0);
        assertEquals(0, done.integer("status"));
        assertEquals("downloaded", done.text("message"));
        Values state = object("GET", DEVICE + "/mgmt", null, 200);
        assertEquals(2, state.values("firmware").integer("state"));
        assertEquals("https://x/fw", state.values("firmware").text("uri"));
        assertFalse(state.flag("dormant"));
        assertTrue(state.values("supports").flag("firmwareActions"));
        assertEquals(state.get("firmware"), object("GET", DEVICE + "?_expand=mgmt", null, 200).values("mgmt").get("firmware"));
    }

    private static boolean complete(String request) {
        try {
            return object("GET", "/mgmt/requests/" + request, null, 200).flag("complete");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The device was told this last; it answers. */
    private static void answer(String path, int code) throws Exception {
        String start = "iotdm-1/type/pump/id/p-1/" + path + ' ';
        Await.until("the device is told " + path, () -> TOLD.stream().anyMatch(each -> each.startsWith(start)));
        String told = TOLD.stream().filter(each -> each.startsWith(start)).reduce((first, second) -> second).orElseThrow();
        String id = told.replaceAll(".*\"reqId\":\"([^\"]+)\".*", "$1");
        say("response", "{'rc':" + code + ",'reqId':'" + id + "'}");
    }

    @Test
    void aManagedDeviceIsToldWhereItIs() throws Exception {
        TOLD.clear();
        object("PUT", DEVICE + "/location", "{'longitude':8.5,'latitude':49}", 200);
        assertTrue(TOLD.get(0).startsWith("iotdm-1/type/pump/id/p-1/device/update {\"d\":{\"fields\":[{\"field\":\"location\",\"value\":{\"longitude\":8.5"), TOLD.get(0));
        assertFalse(TOLD.get(0).contains("reqId"));
        object("PUT", DEVICE, "{'metadata':{'floor':3}}", 200);
        assertTrue(TOLD.get(1).contains("\"field\":\"metadata\",\"value\":{\"floor\":3}"), TOLD.get(1));
    }

    @Test
    void aLineIsReadAndTakenOut() throws Exception {
        String id = object("POST", DEVICE + "/diag/logs", "{'message':'to be found','severity':1}", 201).text("id");
        assertEquals("to be found", object("GET", DEVICE + "/diag/logs/" + id, null, 200).text("message"));
        assertTrue(((List<?>) house.data(call("GET", DEVICE + "/diag/logs", null))).stream().anyMatch(each -> ((Values) each).text("id").equals(id)));
        assertEquals(204, call("DELETE", DEVICE + "/diag/logs/" + id, null).statusCode());
        assertEquals(404, call("GET", DEVICE + "/diag/logs/" + id, null).statusCode());
    }

    @Test
    void theRoomComesAndGoes() throws Exception {
        Bundle room = Stream.of(house.felix().context().getBundles()).filter(each -> each.getSymbolicName().equals("io.pantograph.hub.manage"))
                .findFirst().orElseThrow();
        room.stop();
        assertEquals(503, call("GET", "/mgmt/requests", null).statusCode());
        assertEquals(200, call("GET", DEVICE + "?_expand=mgmt", null).statusCode());
        room.start();
        Await.until("it is back", () -> answers());
        assertEquals(200, call("GET", DEVICE + "/mgmt", null).statusCode(), "what it knew it knows");
    }

    private static boolean answers() {
        try {
            return call("GET", "/mgmt/requests", null).statusCode() == 200;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
