package io.pantograph.hub.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Events;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.listener.HubListener;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** The REST API as Watson's clients call it, through a real server inside a framework. */
class RestTest {

    @TempDir
    static Path folder;

    private static House house;

    @BeforeAll
    static void open() throws Exception {
        house = new House(folder);
    }

    @AfterAll
    static void close() throws Exception {
        house.close();
    }

    // Each row builds on those above it, as a client's session does: method, path, who, status, body.
    private static final String CALLS = """
            GET    /                                              | -   | 401 |
            GET    /                                              | key | 200 |
            GET                                                   | key | 200 |
            GET    /                                              | a-edge01-0123456789:wrong | 401 |
            GET    /device/types                                  | key | 200 |
            POST   /device/types                                  | key | 201 | {"id":"thermostat","description":"warm","classId":"Device","deviceInfo":{"model":"x"},"metadata":{"a":[1,null]}}
            POST   /device/types                                  | key | 409 | {"id":"thermostat"}
            POST   /device/types                                  | key | 201 | {"id":"gw","classId":"Gateway"}
            POST   /device/types                                  | key | 400 | {"id":"x","classId":"Other"}
            POST   /device/types                                  | key | 400 | {"description":"no id"}
            POST   /device/types                                  | key | 400 | {"id":"x","surprise":1}
            POST   /device/types                                  | key | 400 |
            GET    /device/types/thermostat                       | key | 200 |
            GET    /device/types/unknown                          | key | 404 |
            PUT    /device/types/thermostat                       | key | 200 | {"description":"warmer","metadata":null}
            PUT    /device/types/unknown                          | key | 404 | {}
            GET    /device/types?_limit=50&_sort=id               | key | 200 |
            GET    /device/types?_limit=0                         | key | 400 |
            GET    /device/types?_limit=x                         | key | 400 |
            GET    /device/types?_sort=-id                        | key | 400 |
            GET    /device/types?_bookmark=%25%25                 | key | 400 |
            PATCH  /device/types                                  | key | 405 | {}
            GET    /device/types/thermostat/devices               | key | 200 |
            GET    /device/types/thermostat/devices/              | key | 200 |
            GET    /device/types/unknown/devices                  | key | 404 |
            POST   /device/types/thermostat/devices               | key | 201 | {"deviceId":"t-1","authToken":"chosen-token","deviceInfo":{"model":"y","serialNumber":null},"metadata":{"room":7}}
            POST   /device/types/thermostat/devices               | key | 409 | {"deviceId":"t-1"}
            POST   /device/types/unknown/devices                  | key | 404 | {"deviceId":"t-1"}
            POST   /device/types/thermostat/devices               | key | 400 | {"deviceId":"t-2","authToken":"short"}
            POST   /device/types/thermostat/devices               | key | 400 | {"deviceId":"t-2","authToken":"with a blank"}
            POST   /device/types/thermostat/devices               | key | 400 | {"deviceId":"t-2","gatewayId":"g-1","gatewayTypeId":"gw"}
            POST   /device/types/gw/devices                       | key | 201 | {"deviceId":"g-1","authToken":"gateway-token"}
            POST   /device/types/thermostat/devices               | key | 201 | {"deviceId":"t-2","gatewayId":"g-1","gatewayTypeId":"gw"}
            POST   /device/types/thermostat/devices               | g/edge01/gw/g-1:gateway-token | 201 | {"deviceId":"t-3"}
            POST   /device/types/thermostat/devices               | g-edge01-gw-g-1:gateway-token | 201 | {"deviceId":"t-4"}
            POST   /device/types/thermostat/devices               | g/edge01/gw/g-1:wrong | 401 | {"deviceId":"t-5"}
            POST   /device/types                                  | g/edge01/gw/g-1:gateway-token | 403 | {"id":"other"}
            GET    /device/types/thermostat/devices/t-1           | key | 200 |
            GET    /device/types/thermostat/devices/t-9           | key | 404 |
            GET    /device/types/thermostat/devices/t-1           | use-token-auth:chosen-token | 403 |
            GET    /device/types/thermostat/devices/t-1?_expand=location,mgmt | key | 200 |
            PUT    /device/types/thermostat/devices/t-1           | key | 200 | {"deviceInfo":{"model":"z","manufacturer":null},"metadata":null}
            PUT    /device/types/thermostat/devices/t-9           | key | 404 | {}
            PUT    /device/types/thermostat/devices/t-1           | g/edge01/gw/g-1:gateway-token | 403 | {}
            PUT    /device/types/thermostat/devices/t-3           | g/edge01/gw/g-1:gateway-token | 200 | {}
            GET    /device/types/gw/devices/g-1/devices           | key | 200 |
            GET    /device/types/gw/devices/g-9/devices           | key | 404 |
            GET    /device/types/thermostat/devices/t-1/location  | key | 404 |
            PUT    /device/types/thermostat/devices/t-1/location  | key | 200 | {"longitude":10.5,"latitude":49,"elevation":300}
            PUT    /device/types/thermostat/devices/t-1/location  | key | 400 | {"longitude":10.5}
            PUT    /device/types/thermostat/devices/t-1/location  | key | 400 | {"longitude":181,"latitude":0}
            PUT    /device/types/thermostat/devices/t-9/location  | key | 404 | {"longitude":10.5,"latitude":49}
            GET    /device/types/thermostat/devices/t-1/location  | key | 200 |
            GET    /device/types/thermostat/devices/t-1/mgmt      | key | 404 |
            GET    /bulk/devices                                  | key | 200 |
            GET    /bulk/devices?_sort=typeId,deviceId&_limit=2   | key | 200 |
            GET    /bulk/devices?typeId=thermostat&deviceId=t-1   | key | 200 |
            GET    /bulk/devices?metadata.room=7                  | key | 400 |
            GET    /bulk/devices?_bookmark=bm9uc2Vuc2U            | key | 400 |
            POST   /bulk/devices/add                              | key | 201 | [{"typeId":"thermostat","deviceId":"b-1"},{"typeId":"thermostat","deviceId":"b-2","authToken":"bulk-token"}]
            POST   /bulk/devices/add                              | key | 202 | [{"typeId":"thermostat","deviceId":"b-2"},{"typeId":"thermostat","deviceId":"b-3"}]
            POST   /bulk/devices/add                              | key | 202 | [{"typeId":"unknown","deviceId":"b-2"}]
            POST   /bulk/devices/add                              | key | 400 | {"typeId":"thermostat","deviceId":"b-4"}
            POST   /bulk/devices/add                              | key | 400 | [{"typeId":"thermostat"}]
            POST   /bulk/devices/remove                           | key | 201 | [{"typeId":"thermostat","deviceId":"b-1"}]
            POST   /bulk/devices/remove                           | key | 202 | [{"typeId":"thermostat","deviceId":"b-1"},{"typeId":"thermostat","deviceId":"b-2"}]
            POST   /bulk/devices/remove                           | key | 400 | [1]
            POST   /bulk/devices/remove                           | g/edge01/gw/g-1:gateway-token | 403 | []
            GET    /config/lec                                    | key | 200 |
            PUT    /config/lec                                    | key | 200 | {"enabled":true,"ttlDays":45}
            PUT    /config/lec                                    | key | 400 | {"enabled":true,"ttlDays":46}
            PUT    /config/lec                                    | key | 400 | {"enabled":true,"ttlDays":1.5}
            PUT    /config/lec                                    | key | 400 | {"ttlDays":3}
            GET    /device/types/thermostat/devices/t-1/events    | key | 200 |
            GET    /device/types/thermostat/devices/t-1/events/status | key | 404 |
            POST   /device/types/thermostat/devices/t-1/events/status | use-token-auth:chosen-token | 200 | {"d":{}}
            GET    /device/types/thermostat/devices/t-1/events/status | key | 200 |
            GET    /device/types/thermostat/devices/t-9/events    | key | 404 |
            POST   /device/types/thermostat/devices/t-1/events/status | use-token-auth:wrong-token | 401 | {}
            POST   /device/types/thermostat/devices/t-2/events/status | use-token-auth:chosen-token | 401 | {}
            POST   /device/types/thermostat/devices/t-1/events/status | - | 401 | {}
            POST   /device/types/thermostat/devices/t-1/events/status | key | 403 | {}
            POST   /device/types/gw/devices/g-1/events/status     | g/edge01/gw/g-1:gateway-token | 200 | {}
            POST   /device/types/gw/devices/g-1/events/status     | use-token-auth:gateway-token | 200 | {}
            POST   /device/types/thermostat/devices/new/events/status | g/edge01/gw/g-1:gateway-token | 200 | {}
            GET    /device/types/thermostat/devices/new           | key | 200 |
            POST   /device/types/unknown/devices/new/events/status | g/edge01/gw/g-1:gateway-token | 404 | {}
            POST   /application/types/thermostat/devices/t-1/events/status | key | 200 | {}
            POST   /application/types/thermostat/devices/t-1/commands/reboot | key | 200 | {}
            POST   /application/types/thermostat/devices/t-9/commands/reboot | key | 404 | {}
            POST   /application/types/thermostat/devices/t-1/commands/reboot | use-token-auth:chosen-token | 403 | {}
            POST   /application/types/thermostat/devices/t-1/commands/reboot | g/edge01/gw/g-1:gateway-token | 403 | {}
            POST   /device/types/thermostat/devices/t-1/commands/reboot/request | key | 501 | {}
            PUT    /config/lec                                    | key | 200 | {"enabled":false}
            GET    /device/types/thermostat/devices/t-1/events    | key | 403 |
            PUT    /config/lec                                    | key | 200 | {"enabled":true,"ttlDays":7}
            GET    /logs/connection?typeId=thermostat&deviceId=t-1 | key | 200 |
            GET    /logs/connection?typeId=thermostat             | key | 400 |
            GET    /logs/connection?typeId=thermostat&deviceId=t-9 | key | 404 |
            GET    /service-status                                | key | 200 |
            GET    /usage/data-traffic                            | key | 501 |
            GET    /clientconnectionstates                        | key | 501 |
            GET    /nothing/here                                  | key | 404 |
            POST   /                                              | key | 405 | {}
            DELETE /device/types/thermostat                       | key | 409 |
            DELETE /device/types/thermostat/devices/t-1           | g/edge01/gw/g-1:gateway-token | 403 |
            DELETE /device/types/thermostat/devices/t-3           | g/edge01/gw/g-1:gateway-token | 204 |
            DELETE /device/types/thermostat/devices/t-1           | key | 204 |
            DELETE /device/types/thermostat/devices/t-1           | key | 404 |
            POST   /device/types                                  | key | 201 | {"id":"empty"}
            DELETE /device/types/empty                            | key | 204 |
            DELETE /device/types/empty                            | key | 404 |
            """;

    @TestFactory
    Stream<DynamicTest> everyDocumentedCall() {
        return CALLS.lines().map(line -> {
            String[] cells = line.split("\\|", 4);
            String[] call = cells[0].trim().split("\\s+", 2);
            return DynamicTest.dynamicTest(line.trim(), () -> {
                String body = cells[3].trim();
                HttpResponse<String> response = house.call(call[0], call.length > 1 ? call[1] : "", cells[1].trim(),
                        body.isEmpty() ? null : body, "Content-Type", "application/json", "Accept", "application/json");
                assertEquals(Integer.parseInt(cells[2].trim()), response.statusCode(), response.body());
                if (response.statusCode() == 204) {
                    assertEquals("", response.body());
                } else {
                    assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
                    assertEquals(1, response.body().lines().count(), "old clients read one line");
                }
                if (response.statusCode() >= 400) {
                    Values problem = house.object(response);
                    String id = problem.values("exception").text("id");
                    assertTrue(id.matches("CUD[A-Z]{2}\\d{4}E"), id);
                    assertTrue(problem.text("message").startsWith(id + ": "), problem.text("message"));
                    problem.values("exception").list("properties");
                }
                assertEquals(response.statusCode() == 401, response.headers().firstValue("WWW-Authenticate").isPresent());
                assertEquals(response.statusCode() == 405, response.headers().firstValue("Allow").isPresent());
            });
        });
    }

    @Test
    void shapesATypeAndADevice() throws Exception {
        Values type = house.object(house.call("POST", "/device/types", "key",
                "{\"id\":\"pump\",\"description\":\"wet\",\"deviceInfo\":{\"model\":\"p\",\"fwVersion\":null},\"metadata\":{\"k\":1}}"));
        assertEquals(List.of("pump", "Device", "wet"), List.of(type.text("id"), type.text("classId"), type.text("description")));
        assertEquals(Values.of("model", "p"), type.values("deviceInfo"));
        assertTrue(type.text("createdDateTime").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"), type.text("createdDateTime"));

        Values made = house.object(house.call("POST", "/device/types/pump/devices", "key",
                "{\"deviceId\":\"p-1\",\"deviceInfo\":{\"model\":\"m\",\"serialNumber\":\"s\"},\"location\":{\"longitude\":1,\"latitude\":2}}"));
        assertTrue(made.text("authToken").length() >= 18);
        Values device = house.object(house.call("GET", "/device/types/pump/devices/p-1?_expand=location", "key", (String) null));
        assertFalse(device.containsKey("authToken"), "a token is told once");
        assertEquals(List.of("d:edge01:pump:p-1", "pump", "p-1"), List.of(device.text("clientId"), device.text("typeId"), device.text("deviceId")));
        assertEquals(house.credentials().getProperty("api-key"), device.values("registration").values("auth").text("id"));
        assertFalse(device.values("status").values("alert").flag("enabled"));
        assertEquals("/api/v0002/device/types/pump/devices/p-1/location", device.values("refs").text("location"));
        assertEquals(2, device.values("location").number("latitude"));

        house.call("PUT", "/device/types/pump/devices/p-1", "key", "{\"deviceInfo\":{\"model\":\"n\",\"serialNumber\":null},\"metadata\":{\"a\":1},\"status\":null}");
        Values changed = house.object(house.call("GET", "/device/types/pump/devices/p-1", "key", (String) null));
        assertEquals(Values.of("model", "n", "serialNumber", "s"), changed.values("deviceInfo"), "a null changes nothing");
        assertEquals(Values.of("a", 1), changed.values("metadata"));
    }

    @Test
    void leafsThroughAList() throws Exception {
        house.call("POST", "/device/types", "key", "{\"id\":\"leaf\"}");
        for (int i = 0; i < 7; i++) {
            house.call("POST", "/device/types/leaf/devices", "key", "{\"deviceId\":\"l-" + i + "\"}");
        }
        List<String> seen = new ArrayList<>();
        String bookmark = "";
        do {
            Values page = house.object(house.call("GET", "/device/types/leaf/devices?_limit=3" + bookmark, "key", (String) null));
            assertEquals(7, page.values("meta").integer("total_rows"));
            page.list("results").forEach(each -> seen.add(((Values) each).text("deviceId")));
            bookmark = page.containsKey("bookmark") ? "&_bookmark=" + page.text("bookmark") : "";
        } while (!bookmark.isEmpty());
        assertEquals(List.of("l-0", "l-1", "l-2", "l-3", "l-4", "l-5", "l-6"), seen);
    }

    @Test
    void passesMessagesOn() throws Exception {
        List<HubMessage> heard = new CopyOnWriteArrayList<>();
        ServiceRegistration<HubListener> listener = house.felix().context().registerService(HubListener.class, new HubListener() {
            @Override
            public void message(HubMessage message) {
                heard.add(message);
            }
        }, null);
        house.call("POST", "/device/types", "key", "{\"id\":\"meter\"}");
        house.call("POST", "/device/types/meter/devices", "key", "{\"deviceId\":\"m-1\",\"authToken\":\"meter-token\"}");
        String path = "/device/types/meter/devices/m-1/events/reading";
        byte[] bytes = {0, (byte) 0xff, 1};
        assertEquals(200, house.call("POST", path, "use-token-auth:meter-token", bytes, "Content-Type", "application/octet-stream").statusCode());
        assertEquals(200, house.call("POST", path, "use-token-auth:meter-token", "t", "Content-Type", "text/plain; charset=UTF-8").statusCode());
        assertEquals(200, house.call("POST", path, "use-token-auth:meter-token", "<x/>", "Content-Type", "application/xml").statusCode());
        assertEquals(200, house.call("POST", path, "use-token-auth:meter-token", "{}").statusCode());
        assertEquals(400, house.call("POST", path, "use-token-auth:meter-token", "{}", "Content-Type", "image/png").statusCode());
        assertEquals(200, house.call("POST", "/application/types/meter/devices/m-1/commands/reset", "key", "{}").statusCode());
        Await.until("all heard", () -> heard.size() == 5);
        assertEquals(List.of("EVENT reading bin 3", "EVENT reading text 1", "EVENT reading xml 4", "EVENT reading json 2", "COMMAND reset json 2"),
                heard.stream().map(each -> each.direction() + " " + each.name() + ' ' + each.format() + ' ' + each.payload().length()).toList());
        Values last = house.object(house.call("GET", path, "key", (String) null));
        assertEquals("{}", new String(Base64.getDecoder().decode(last.text("payload")), StandardCharsets.UTF_8));
        assertTrue(last.text("timestamp").endsWith("+0000"), last.text("timestamp"));
        listener.unregister();
    }

    @Test
    void tellsTheConnectionLogAsAList() throws Exception {
        house.call("POST", "/device/types", "key", "{\"id\":\"logged\"}");
        house.call("POST", "/device/types/logged/devices", "key", "{\"deviceId\":\"x\"}");
        assertEquals(List.of(), house.felix().service(Events.class).connectionLog(new DeviceId("logged", "x"), 10));
        assertEquals(List.of(), house.data(house.call("GET", "/logs/connection?typeId=logged&deviceId=x", "key", (String) null)));
    }

    @Test
    void canBeTakenOutAndPutBack() throws Exception {
        int before = house.port();
        house.room().stop();
        Await.until("nothing is offered", () -> house.felix().context().getServiceReference(HttpBackend.class) == null);
        house.room().start();
        assertEquals(before, house.port(), "the server itself went on");
        assertEquals(200, house.call("GET", "/", "key", (String) null).statusCode());
    }

    @Test
    void findsAllAgainWhenTheHubWasTakenOut() throws Exception {
        house.call("POST", "/device/types", "key", "{\"id\":\"kept\"}");
        Bundle hub = house.hub();
        hub.stop();
        assertEquals(404, house.call("GET", "/device/types/kept", "-", (String) null).statusCode(), "nobody is there to answer");
        hub.start();
        Await.until("the API is back", () -> status("/device/types/kept") == 200);
    }

    private static int status(String path) {
        try {
            return house.call("GET", path, "key", (String) null).statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
