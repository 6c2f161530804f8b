package io.pantograph.strangers.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.Message;
import com.microsoft.azure.sdk.iot.provisioning.device.AdditionalData;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClient;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientRegistrationResult;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientStatus;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderSymmetricKey;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official provisioning client, as it is, and then the device client at the hub that it was given. */
@Timeout(120)
class ProvisioningSdkTest {

    private Cloud cloud;

    @BeforeEach
    void arrive() throws Exception {
        cloud = Cloud.get();
    }

    private SecurityProviderSymmetricKey key(String registration, String groupKey) throws Exception {
        byte[] derived = SecurityProviderSymmetricKey.ComputeDerivedSymmetricKey(groupKey.getBytes(StandardCharsets.UTF_8), registration);
        return new SecurityProviderSymmetricKey(derived, registration);
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT", "MQTT_WS"})
    void aDeviceOfTheGroupIsAssigned(ProvisioningDeviceClientTransportProtocol protocol) throws Exception {
        String registration = "sensor-" + protocol.name().toLowerCase().replace('_', '-');
        SecurityProviderSymmetricKey security = key(registration, cloud.groupKey);
        ProvisioningDeviceClient client = ProvisioningDeviceClient.create(Cloud.HUB, cloud.scope, protocol, security);
        AdditionalData payload = new AdditionalData();
        payload.setProvisioningPayload("{\"modelId\":\"dtmi:com:example:Sensor;1\"}");
        ProvisioningDeviceClientRegistrationResult result = client.registerDeviceSync(payload);
        client.close();
        assertEquals(ProvisioningDeviceClientStatus.PROVISIONING_DEVICE_STATUS_ASSIGNED, result.getProvisioningDeviceClientStatus());
        assertEquals(Cloud.HUB, result.getIothubUri());
        assertEquals(registration, result.getDeviceId());

        DeviceClient device = new DeviceClient(result.getIothubUri(), result.getDeviceId(), security,
                protocol == ProvisioningDeviceClientTransportProtocol.MQTT ? IotHubClientProtocol.MQTT : IotHubClientProtocol.MQTT_WS,
                ClientOptions.builder().sslContext(cloud.box.tls()).build());
        device.open(true);
        BlockingQueue<JsonObject> events = cloud.events(registration);
        device.sendEvent(new Message("\"here\""), 30_000);
        assertEquals(registration, Cloud.next(events, "its first event").get("deviceId").getAsString());
        device.close();
    }

    @Test
    void aWrongKeyIsRefused() throws Exception {
        ProvisioningDeviceClient client = ProvisioningDeviceClient.create(Cloud.HUB, cloud.scope, ProvisioningDeviceClientTransportProtocol.MQTT,
                key("stranger", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="));
        assertThrows(Exception.class, () -> {
            ProvisioningDeviceClientRegistrationResult result = client.registerDeviceSync(30_000);
            if (result.getProvisioningDeviceClientStatus() != ProvisioningDeviceClientStatus.PROVISIONING_DEVICE_STATUS_ASSIGNED) {
                throw new IllegalStateException(String.valueOf(result.getProvisioningDeviceClientStatus()));
            }
        });
        client.close();
    }
}
