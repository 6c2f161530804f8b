package io.pantograph.hub.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Management.Line;
import io.pantograph.api.hub.Management.Managed;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.hub.manage.ManagedHub.Speaker;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices say of themselves, through the hub's own rules. */
class TopicsTest {

    @TempDir
    static Path folder;
    private static ManagedHub hub;
    private static int count;

    @BeforeAll
    static void open() throws Exception {
        hub = new ManagedHub(folder);
    }

    @AfterAll
    static void close() throws Exception {
        hub.close();
    }

    private static Speaker device() {
        return hub.device("pump", "p-" + ++count);
    }

    // A row per request of the protocol: what a managed device is answered, and what one that is not.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "mgmt/manage | {} | 200 | 200",
        "mgmt/manage | {'lifetime':3600,'supports':{'deviceActions':true,'firmwareActions':true,'b-v1':true},'deviceInfo':{'model':'x'},'metadata':{}} | 200 | 200",
        "mgmt/manage | {'lifetime':-1} | 400 | 400",
        "mgmt/manage | {'lifetime':'long'} | 400 | 400",
        "mgmt/manage | {'lifetime':1e300} | 400 | 400",
        "mgmt/manage | {'supports':[]} | 400 | 400",
        "mgmt/manage | {'deviceInfo':7} | 400 | 400",
        "mgmt/manage | null | 200 | 200",
        "mgmt/unmanage | {} | 200 | 404",
        "device/update/location | {'longitude':8.5,'latitude':49} | 200 | 404",
        "device/update/location | {'longitude':8.5,'latitude':49,'elevation':7,'accuracy':1,'measuredDateTime':'2026-01-01T00:00:00Z'} | 200 | 404",
        "device/update/location | {'longitude':8.5} | 400 | 404",
        "device/update/location | {'longitude':180.5,'latitude':49} | 400 | 404",
        "device/update/location | {'longitude':'8','latitude':49} | 400 | 404",
        "add/diag/errorCodes | {'errorCode':100} | 200 | 404",
        "add/diag/errorCodes | {'errorCode':'100'} | 400 | 404",
        "add/diag/errorCodes | {'errorCode':1.5} | 400 | 404",
        "add/diag/errorCodes | {} | 400 | 404",
        "clear/diag/errorCodes | {} | 200 | 404",
        "add/diag/log | {'message':'hot','timestamp':'2026-01-01T00:00:00+00:00','data':'AAEC','severity':2} | 200 | 404",
        "add/diag/log | {'message':'hot','timestamp':'2026-01-01T00:00:00.123456','severity':0} | 200 | 404",
        "add/diag/log | {'message':'hot','timestamp':'yesterday'} | 200 | 404",
        "add/diag/log | {'severity':1} | 400 | 404",
        "add/diag/log | {'message':'hot','severity':3} | 400 | 404",
        "add/diag/log | {'message':7} | 400 | 404",
        "clear/diag/log | {} | 200 | 404",
        "notify | {'fields':[{'field':'mgmt.firmware','value':{'state':0}}]} | 200 | 404",
        "notify | {'field':'mgmt.firmware','value':{'state':0}} | 200 | 404",
        "notify | {'fields':[{'field':'location','value':{'longitude':1,'latitude':2}}]} | 200 | 404",
        "notify | {'fields':[{'field':'metadata','value':{'a':1}}]} | 200 | 404",
        "notify | {'fields':[{'field':'deviceInfo','value':{'fwVersion':'2'}}]} | 200 | 404",
        "notify | {'fields':[{'field':'other','value':{}}]} | 404 | 404",
        "notify | {'fields':[1]} | 400 | 404",
        "notify | {} | 400 | 404",
        "mgmt/dance | {} | 404 | 404",
    })
    void isAnswered(String path, String d, int managed, int unmanaged) {
        Speaker device = device();
        assertEquals(unmanaged, device.ask(path, d), "of a device that is not managed");
        device.manage();
        assertEquals(managed, device.ask(path, d));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "7", "", "{'d':{}}", "{'d':7}", "{'reqId':null}"})
    void nobodyIsAnsweredWhoDoesNotAsk(String text) {
        Speaker device = device();
        device.say("iotdevice-1/mgmt/manage", text);
        assertEquals(List.of(), hub.told());
    }

    @Test
    void whatADeviceSaysOfItselfIsKept() {
        Speaker device = device();
        device.ask("mgmt/manage", "{'lifetime':3600,'supports':{'deviceActions':true,'b-v1':true},'deviceInfo':{'model':'x','fwVersion':'1'},'metadata':{'floor':3}}");
        Instant now = hub.clock.instant();
        Managed managed = hub.office.managed(device.device).orElseThrow();
        assertEquals(Optional.of(now.plusSeconds(3600)), managed.dormant());
        assertEquals(now, managed.heard());
        assertEquals(hub.values("{'deviceActions':true,'firmwareActions':false,'b-v1':true}"), managed.supports());
        assertEquals(7, managed.firmware().size());
        assertEquals(hub.values("{'deviceInfo':{'model':'x','fwVersion':'1'},'metadata':{'floor':3}}"), attributes(device.device));
        device.ask("device/update/location", "{'longitude':8.5,'latitude':49.25}");
        assertEquals(49.25, attributes(device.device).values("location").number("latitude"));
        device.ask("mgmt/manage", "{'deviceInfo':{'model':'y'}}");
        assertEquals(hub.values("{'model':'y'}"), attributes(device.device).get("deviceInfo"), "what is told replaces all");
        assertEquals(hub.values("{'floor':3}"), attributes(device.device).get("metadata"), "what is not told stays");
        assertEquals(Optional.empty(), hub.office.managed(device.device).orElseThrow().dormant());
        device.ask("mgmt/unmanage", "{}");
        assertEquals(Optional.empty(), hub.office.managed(device.device));
    }

    private static Values attributes(DeviceId device) {
        return hub.registry.device(device).orElseThrow().attributes();
    }

    @Test
    void theLogHasALimitAndAnAge() {
        Speaker device = device();
        device.manage();
        for (int i = 0; i < 6; i++) {
            device.ask("add/diag/log", "{'message':'" + i + "','data':'" + "A".repeat(100_000) + "','severity':1}");
        }
        assertEquals(List.of("5", "4", "3", "2", "1"), hub.office.log(device.device).stream().map(Line::message).toList());
        hub.advance(DiagnosisTable.LOG_AGE);
        assertEquals(List.of(), hub.office.log(device.device));
        for (int i = 0; i <= DiagnosisTable.MOST_FAULTS; i++) {
            device.ask("add/diag/errorCodes", "{'errorCode':" + i + "}");
        }
        assertEquals(DiagnosisTable.MOST_FAULTS, hub.office.faults(device.device).size());
        assertEquals(DiagnosisTable.MOST_FAULTS, hub.office.faults(device.device).get(0).code());
    }

    @ParameterizedTest
    @CsvSource({"2026-01-01T00:00:00Z, 2026-01-01T00:00:00Z", "2026-01-01T02:00:00+02:00, 2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.123456, 2026-01-01T00:00:00.123Z", "2026-01-01T00:00:00, 2026-01-01T00:00:00Z", "2026-01-01T00:00, 2026-01-01T00:00:00Z",
        "2026-01-01 00:00:00, 2026-01-01T00:00:00Z", "2026-01-01T02:00:00+0200, 2026-01-01T00:00:00Z", "2026-01-01, 2026-01-01T00:00:00Z",
        "yesterday, 1970-01-01T00:00:00Z", "'', 1970-01-01T00:00:00Z"})
    void devicesTellTimeAsTheyLike(String told, Instant meant) {
        assertEquals(meant, Times.of(told, Instant.EPOCH));
    }

    @Test
    void aGatewaySpeaksForItselfAndForOthers() {
        Speaker gateway = hub.device("gw", "g-" + ++count);
        String id = "behind-" + count;
        gateway.say("iotdevice-1/type/gw/id/" + gateway.device.name() + "/mgmt/manage", "{'reqId':'a'}");
        assertEquals(gateway.down("response"), hub.told().get(0).topic());
        gateway.say("iotdevice-1/type/pump/id/" + id + "/mgmt/manage", "{'reqId':'b'}"); // nobody has heard of that one yet
        io.pantograph.testkit.Await.until("the other is managed", () -> {
            hub.settle();
            return hub.office.managed(new DeviceId("pump", id)).isPresent();
        });
        assertEquals("iotdm-1/type/pump/id/" + id + "/response", hub.told().get(0).topic());
        assertEquals(gateway.device, hub.registry.device(new DeviceId("pump", id)).orElseThrow().behind().orElseThrow());
    }

    @Test
    void whatTheOperatorChangesIsToldToThoseWhoAreManaged() {
        Speaker device = device();
        Values location = hub.values("{'longitude':1,'latitude':2}");
        hub.office.changed(device.device, "location", location);
        assertEquals(List.of(), hub.told());
        device.manage();
        hub.office.changed(device.device, "location", location);
        List<ManagedHub.Told> told = hub.told();
        assertEquals(1, told.size());
        assertEquals(device.down("device/update"), told.get(0).topic());
        assertEquals(hub.values("{'d':{'fields':[{'field':'location','value':{'longitude':1,'latitude':2}}]}}"), told.get(0).body());
    }

    @Test
    void whatIsKeptOfADeviceGoesWithIt() {
        Speaker device = device();
        device.manage();
        device.ask("add/diag/log", "{'message':'x'}");
        assertTrue(hub.registry.deleteDevice(device.device));
        assertEquals(Optional.empty(), hub.office.managed(device.device));
        assertEquals(List.of(), hub.office.log(device.device));
        hub.office.heard(device.device, "mgmt/manage", io.pantograph.api.model.Bytes.utf8("{\"reqId\":\"late\"}"));
        hub.settle();
        assertEquals(404, hub.told().get(0).body().integer("rc"));
    }
}
