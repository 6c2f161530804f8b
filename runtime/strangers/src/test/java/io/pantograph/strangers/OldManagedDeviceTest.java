package io.pantograph.strangers;

import static io.pantograph.strangers.Cloud.json;
import static io.pantograph.strangers.Cloud.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.ibm.iotf.client.CustomAction;
import com.ibm.iotf.client.IoTFCReSTException;
import com.ibm.iotf.client.api.APIClient;
import com.ibm.iotf.devicemgmt.CustomActionHandler;
import com.ibm.iotf.devicemgmt.DeviceAction;
import com.ibm.iotf.devicemgmt.DeviceActionHandler;
import com.ibm.iotf.devicemgmt.DeviceData;
import com.ibm.iotf.devicemgmt.DeviceFirmware;
import com.ibm.iotf.devicemgmt.DeviceFirmware.FirmwareState;
import com.ibm.iotf.devicemgmt.DeviceFirmware.FirmwareUpdateStatus;
import com.ibm.iotf.devicemgmt.DeviceFirmwareHandler;
import com.ibm.iotf.devicemgmt.DeviceInfo;
import com.ibm.iotf.devicemgmt.DeviceMetadata;
import com.ibm.iotf.devicemgmt.LogSeverity;
import com.ibm.iotf.devicemgmt.device.ManagedDevice;
import java.util.Date;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The managed device of com.ibm.messaging:watson-iot, driven by its REST client, over TLS. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OldManagedDeviceTest {

    private static final int FINE = 200;
    private static final String PLUGINS = """
            {'bundleId':'plugins-v1','displayName':{'en_US':'Plug-ins'},'version':'1.0','provider':'acme','actions':{
              'install':{'actionDisplayName':{'en_US':'Install'},'parameters':[
                {'name':'id','value':'[a-z]{1,20}','required':true},{'name':'uri','value':'https://.*'}]}}}""";
    private static int count;

    private final String id = "managed-" + ++count;
    private final BlockingQueue<String> reboots = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonObject> actions = new LinkedBlockingQueue<>();
    private volatile FirmwareUpdateStatus downloadFails;
    private APIClient rest;
    private ManagedDevice device;

    @BeforeEach
    void connect() throws Exception {
        Cloud cloud = Cloud.get();
        rest = cloud.rest();
        String token = cloud.register("managed", id);
        DeviceInfo info = new DeviceInfo.Builder().serialNumber("10087").manufacturer("acme").model("x").fwVersion("1.0").build();
        DeviceFirmware firmware = new DeviceFirmware.Builder().version("1.0").name("fw").url("").verifier("").state(FirmwareState.IDLE).build();
        DeviceData data = new DeviceData.Builder().deviceInfo(info).deviceFirmware(firmware)
                .metadata(new DeviceMetadata(json("{'floor':3}").getAsJsonObject())).build();
        device = new ManagedDevice(cloud.device("managed", id, token), data);
        device.connect();
        assertTrue(device.sendManageRequest(3600, true, true, "plugins-v1"));
        device.addCustomActionHandler(new CustomActionHandler() {
            @Override
            public void handleCustomAction(CustomAction action) {
                actions.add(action.getPayload());
                action.setStatus(CustomAction.Status.OK);
            }
        });
        device.addFirmwareHandler(new Downloads());
        device.addDeviceActionHandler(new DeviceActionHandler() {
            @Override
            public void handleReboot(DeviceAction action) {
                action.setStatus(DeviceAction.Status.ACCEPTED);
                reboots.add("reboot");
            }

            @Override
            public void handleFactoryReset(DeviceAction action) {
                action.setStatus(DeviceAction.Status.FAILED, "not today");
            }
        });
    }

    /** Does as its manual says: tells of each step. */
    private final class Downloads extends DeviceFirmwareHandler {

        @Override
        public void downloadFirmware(DeviceFirmware firmware) {
            new Thread(() -> {
                firmware.setState(FirmwareState.DOWNLOADING);
                if (downloadFails != null) {
                    firmware.setUpdateStatus(downloadFails);
                    firmware.setState(FirmwareState.IDLE);
                } else {
                    firmware.setState(FirmwareState.DOWNLOADED);
                }
            }).start();
        }

        @Override
        public void updateFirmware(DeviceFirmware firmware) {
            new Thread(() -> {
                firmware.setUpdateStatus(FirmwareUpdateStatus.IN_PROGRESS);
                firmware.setUpdateStatus(FirmwareUpdateStatus.SUCCESS);
                firmware.setState(FirmwareState.IDLE);
            }).start();
        }
    }

    @AfterEach
    void disconnect() {
        device.disconnect();
    }

    /** @return the request's id */
    private String begin(String action, String parameters) throws Exception {
        return rest.initiateDMRequest(json("{'action':'" + action + "','devices':[{'typeId':'managed','deviceId':'" + id + "'}],'parameters':"
                + parameters + "}").getAsJsonObject()).get("reqId").getAsString();
    }

    private JsonObject ended(String request) throws Exception {
        for (int tries = 0; !rest.getDeviceManagementRequest(request).get("complete").getAsBoolean(); tries++) {
            assertTrue(tries < 400, () -> "not complete: " + part(request));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return part(request);
    }

    private JsonObject part(String request) {
        try {
            return rest.getDeviceManagementRequestStatusByDevice(request, "managed", id);
        } catch (IoTFCReSTException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatItSaysOfItselfIsShown() throws Exception {
        JsonObject state = rest.getDeviceManagementInformation("managed", id);
        assertTrue(state.getAsJsonObject("supports").get("firmwareActions").getAsBoolean());
        assertTrue(state.getAsJsonObject("supports").get("plugins-v1").getAsBoolean());
        assertFalse(state.get("dormant").getAsBoolean());
        assertTrue(state.has("dormantDateTime"));
        JsonObject known = rest.getDevice("managed", id);
        assertEquals("10087", known.getAsJsonObject("deviceInfo").get("serialNumber").getAsString());
        assertEquals(3, known.getAsJsonObject("metadata").get("floor").getAsInt());
        assertEquals(FINE, device.updateLocation(49.25, 8.5, 100.0));
        assertEquals(8.5, rest.getDeviceLocation("managed", id).get("longitude").getAsDouble());
        assertTrue(device.sendUnmanageRequest());
        IoTFCReSTException gone = assertThrows(IoTFCReSTException.class, () -> rest.getDeviceManagementInformation("managed", id));
        assertEquals(404, gone.getHttpCode());
    }

    @Test
    void itTellsOfItsHealth() throws Exception {
        assertEquals(FINE, device.addErrorCode(100));
        assertEquals(FINE, device.addErrorCode(101));
        JsonArray codes = rest.getAllDiagnosticErrorCodes("managed", id);
        assertEquals(2, codes.size());
        assertEquals(101, codes.get(0).getAsJsonObject().get("errorCode").getAsInt());
        assertTrue(rest.addDiagnosticErrorCode("managed", id, 102, new Date()));
        assertEquals(3, rest.getAllDiagnosticErrorCodes("managed", id).size());
        assertEquals(FINE, device.clearErrorCodes());
        assertEquals(0, rest.getAllDiagnosticErrorCodes("managed", id).size());

        assertEquals(FINE, device.addLog("it is hot", new Date(), LogSeverity.warning, "some data"));
        JsonElement line = rest.getAllDiagnosticLogs("managed", id).get(0);
        assertEquals("it is hot", line.getAsJsonObject().get("message").getAsString());
        String lineId = line.getAsJsonObject().get("id").getAsString();
        assertEquals(1, rest.getDiagnosticLog("managed", id, lineId).get("severity").getAsInt());
        assertTrue(rest.deleteDiagnosticLog("managed", id, lineId));
        assertTrue(rest.addDiagnosticLog("managed", id, json("{'message':'by hand','timestamp':'2026-01-01T00:00:00Z','severity':0}")));
        assertEquals(FINE, device.clearLogs());
        assertEquals(0, rest.getAllDiagnosticLogs("managed", id).size());
        assertTrue(rest.clearAllDiagnosticLogs("managed", id));
        assertTrue(rest.clearAllDiagnosticErrorCodes("managed", id));
    }

    @Test
    void firmwareIsDownloadedAndPutToUse() throws Exception {
        JsonObject downloaded = ended(begin("firmware/download",
                "[{'name':'uri','value':'https://x/fw'},{'name':'version','value':'2.0'},{'name':'name','value':'fw'},{'name':'verifier','value':'abc'}]"));
        assertEquals(0, downloaded.get("status").getAsInt(), downloaded.toString());
        assertEquals("downloaded", downloaded.get("message").getAsString());
        assertEquals("https://x/fw", device.getDeviceData().getDeviceFirmware().getUrl());
        JsonObject updated = ended(begin("firmware/update", "[]"));
        assertEquals(0, updated.get("status").getAsInt(), updated.toString());
        assertEquals("updated", updated.get("message").getAsString());
        assertEquals("2.0", rest.getDevice("managed", id).getAsJsonObject("deviceInfo").get("fwVersion").getAsString());
    }

    @Test
    void aDownloadThatFailsIsToldSo() throws Exception {
        downloadFails = FirmwareUpdateStatus.VERIFICATION_FAILED;
        JsonObject failed = ended(begin("firmware/download", "[{'name':'uri','value':'https://x/fw'}]"));
        assertEquals(2, failed.get("status").getAsInt(), failed.toString());
        assertEquals("the verification failed", failed.get("message").getAsString());
    }

    @Test
    void aRebootIsDoneWhenTheDeviceIsBack() throws Exception {
        String request = begin("device/reboot", "[]");
        next(reboots, "the reboot");
        TimeUnit.MILLISECONDS.sleep(300);
        assertFalse(rest.getDeviceManagementRequest(request).get("complete").getAsBoolean());
        assertTrue(device.sendManageRequest(3600, true, true, "plugins-v1"));
        assertEquals(0, ended(request).get("status").getAsInt());
        JsonObject reset = ended(begin("device/factoryReset", "[]"));
        assertEquals(1, reset.get("status").getAsInt());
        assertTrue(reset.get("message").getAsString().contains("not today"), reset.toString());
        assertTrue(rest.getAllDeviceManagementRequests().get("results").toString().contains(request));
        assertTrue(rest.deleteDeviceManagementRequest(request));
    }

    @Test
    void anActionOfABundle() throws Exception {
        assertEquals("plugins-v1", rest.addDeviceManagementExtension(PLUGINS.replace('\'', '"')).get("bundleId").getAsString());
        assertEquals(409, assertThrows(IoTFCReSTException.class, () -> rest.addDeviceManagementExtension(PLUGINS.replace('\'', '"'))).getHttpCode());
        assertEquals("acme", rest.getDeviceManagementExtension("plugins-v1").get("provider").getAsString());
        String request = begin("plugins-v1/install", "[{'name':'id','value':'abc'},{'name':'uri','value':'https://x/y'}]");
        JsonArray fields = next(actions, "the action").getAsJsonObject("d").getAsJsonArray("fields");
        assertEquals(json("[{'field':'id','value':'abc'},{'field':'uri','value':'https://x/y'}]"), fields);
        assertEquals(0, ended(request).get("status").getAsInt());
        assertEquals(400, assertThrows(IoTFCReSTException.class,
                () -> begin("plugins-v1/install", "[{'name':'id','value':'ABC'}]")).getHttpCode());
        rest.deleteDeviceManagementExtension("plugins-v1");
        assertThrows(IoTFCReSTException.class, () -> rest.getDeviceManagementExtension("plugins-v1"));
        assertThrows(IoTFCReSTException.class, () -> begin("plugins-v1/install", "[{'name':'id','value':'abc'}]"));
    }
}
