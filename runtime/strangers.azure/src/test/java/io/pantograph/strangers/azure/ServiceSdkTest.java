package io.pantograph.strangers.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.azure.sdk.iot.service.exceptions.IotHubConflictException;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubException;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubNotFoundException;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubPreconditionFailedException;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubUnauthorizedException;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodRequestOptions;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodsClient;
import com.microsoft.azure.sdk.iot.service.query.QueryClient;
import com.microsoft.azure.sdk.iot.service.query.QueryPageOptions;
import com.microsoft.azure.sdk.iot.service.query.RawQueryResponse;
import com.microsoft.azure.sdk.iot.service.query.TwinQueryResponse;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.DeviceStatus;
import com.microsoft.azure.sdk.iot.service.registry.Module;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import com.microsoft.azure.sdk.iot.service.twin.TwinClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official service client, as it is, over REST. */
@Timeout(120)
class ServiceSdkTest {

    private Cloud cloud;

    @BeforeEach
    void arrive() throws Exception {
        cloud = Cloud.get();
    }

    @Test
    void keepsTheRegistry() throws Exception {
        RegistryClient registry = new RegistryClient(cloud.service);
        long before = registry.getStatistics().getTotalDeviceCount();
        Device wanted = new Device("registry-1");
        Device made = registry.addDevice(wanted);
        assertEquals("registry-1", made.getDeviceId());
        assertEquals(wanted.getPrimaryKey(), made.getPrimaryKey());
        assertEquals(DeviceStatus.Enabled, made.getStatus());
        assertEquals(before + 1, registry.getStatistics().getTotalDeviceCount());
        assertThrows(IotHubConflictException.class, () -> registry.addDevice(new Device("registry-1")));

        made.setStatus(DeviceStatus.Disabled);
        Device disabled = registry.updateDevice(made);
        assertEquals(DeviceStatus.Disabled, disabled.getStatus());
        assertNotEquals(made.getETag(), disabled.getETag());
        assertEquals(1, registry.getStatistics().getDisabledDeviceCount());

        Module module = registry.addModule(new Module("registry-1", "pump"));
        assertEquals("pump", module.getId());
        assertEquals(1, registry.getModulesOnDevice("registry-1").size());
        registry.removeModule("registry-1", "pump");
        assertThrows(IotHubNotFoundException.class, () -> registry.getModule("registry-1", "pump"));

        registry.removeDevice("registry-1");
        assertThrows(IotHubNotFoundException.class, () -> registry.getDevice("registry-1"));
        assertEquals(before, registry.getStatistics().getTotalDeviceCount());
    }

    @Test
    void changesTwins() throws Exception {
        new RegistryClient(cloud.service).addDevice(new Device("twins-1"));
        TwinClient twins = new TwinClient(cloud.service);
        Twin change = new Twin("twins-1");
        change.getTags().put("site", "hall-7");
        change.getDesiredProperties().put("interval", 10);
        change.getDesiredProperties().put("gone", "soon");
        twins.patch(change);
        Twin seen = twins.get("twins-1");
        assertEquals("hall-7", seen.getTags().get("site"));
        assertEquals(10.0, ((Number) seen.getDesiredProperties().get("interval")).doubleValue());
        assertEquals(2, seen.getDesiredProperties().getVersion());

        Twin more = new Twin("twins-1");
        more.getDesiredProperties().put("gone", null);
        twins.patch(more);
        Twin after = twins.get("twins-1");
        assertFalse(after.getDesiredProperties().containsKey("gone"));
        assertEquals("hall-7", after.getTags().get("site"), "a patch of desired properties leaves the tags alone");

        assertThrows(IotHubPreconditionFailedException.class, () -> twins.patch(more, seen.getETag()));
        Twin whole = new Twin("twins-1");
        whole.getDesiredProperties().put("only", true);
        twins.replace(whole);
        Twin replaced = twins.get("twins-1");
        assertEquals(true, replaced.getDesiredProperties().get("only"));
        assertFalse(replaced.getDesiredProperties().containsKey("interval"));
    }

    @Test
    void queriesPageByPage() throws Exception {
        RegistryClient registry = new RegistryClient(cloud.service);
        TwinClient twins = new TwinClient(cloud.service);
        for (int i = 0; i < 25; i++) {
            registry.addDevice(new Device("query-" + i));
            Twin twin = new Twin("query-" + i);
            twin.getTags().put("fleet", "query");
            twin.getTags().put("number", i);
            twins.patch(twin);
        }
        QueryClient queries = new QueryClient(cloud.service);
        TwinQueryResponse found = queries.queryTwins("SELECT * FROM devices WHERE tags.fleet = 'query' AND tags.number >= 5",
                QueryPageOptions.builder().pageSize(7).build());
        List<String> ids = new ArrayList<>();
        while (found.hasNext()) {
            ids.add(found.next().getDeviceId());
        }
        assertEquals(20, ids.size(), ids.toString());
        assertEquals(20, ids.stream().distinct().count());
        RawQueryResponse raw = queries.queryRaw("SELECT deviceId AS id, tags.number FROM devices WHERE tags.fleet = 'query' AND tags.number < 3");
        List<String> rows = new ArrayList<>();
        while (raw.hasNext()) {
            rows.add(raw.next());
        }
        assertEquals(3, rows.size(), rows.toString());
        assertTrue(rows.toString().contains("query-0"), rows.toString());
        assertThrows(IotHubException.class, () -> queries.queryTwins("SELECT * FROM devices WHERE").hasNext());
    }

    @Test
    void saysWhyAMethodCannotBeCalled() throws Exception {
        new RegistryClient(cloud.service).addDevice(new Device("offline"));
        DirectMethodsClient methods = new DirectMethodsClient(cloud.service);
        DirectMethodRequestOptions quick = DirectMethodRequestOptions.builder().methodResponseTimeoutSeconds(5).methodConnectTimeoutSeconds(0).build();
        IotHubNotFoundException offline = assertThrows(IotHubNotFoundException.class, () -> methods.invoke("offline", "any", quick));
        assertTrue(offline.getMessage().contains("404103") || offline.getMessage().contains("DeviceNotOnline"), offline.getMessage());
        assertThrows(IotHubNotFoundException.class, () -> methods.invoke("nobody", "any", quick));
    }

    @Test
    void refusesAWrongKey() throws Exception {
        String wrong = cloud.service.substring(0, cloud.service.indexOf("SharedAccessKey=")) + "SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        assertThrows(IotHubUnauthorizedException.class, () -> new RegistryClient(wrong).getDevice("any"));
    }
}
