package io.pantograph.strangers.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.Message;
import com.microsoft.azure.sdk.iot.device.exceptions.IotHubClientException;
import com.microsoft.azure.sdk.iot.device.transport.NoRetry;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClient;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientRegistrationResult;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientStatus;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderX509;
import com.microsoft.azure.sdk.iot.service.auth.AuthenticationType;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import io.pantograph.testkit.KeyPairs;
import java.nio.file.Path;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The official clients, as they are, with certificates instead of keys. */
@Timeout(120)
class CertificateSdkTest {

    private static final Map<ProvisioningDeviceClientTransportProtocol, IotHubClientProtocol> PROTOCOLS = Map.of(
            ProvisioningDeviceClientTransportProtocol.MQTT, IotHubClientProtocol.MQTT,
            ProvisioningDeviceClientTransportProtocol.MQTT_WS, IotHubClientProtocol.MQTT_WS);

    @TempDir
    static Path folder;
    private static KeyPairs keys;

    private Cloud cloud;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = new KeyPairs(folder).make("own", "anybody").make("stranger", "anybody").make("x-alone", "x-alone").make("ca", "Test CA", "-ext", "bc:c")
                .make("x-mqtt", "x-mqtt", "-signer", "ca").make("x-mqtt-ws", "x-mqtt-ws", "-signer", "ca");
    }

    @BeforeEach
    void arrive() throws Exception {
        cloud = Cloud.get();
    }

    private DeviceClient client(String id, String alias, IotHubClientProtocol protocol) throws Exception {
        return new DeviceClient("HostName=" + Cloud.HUB + ";DeviceId=" + id + ";x509=true", protocol,
                ClientOptions.builder().sslContext(keys.client(alias, cloud.box.trust())).build());
    }

    private void isHeard(DeviceClient client, String id) throws Exception {
        client.open(true);
        BlockingQueue<JsonObject> events = cloud.events(id);
        client.sendEvent(new Message("\"here\""), 30_000);
        assertEquals(id, Cloud.next(events, "its first event").get("deviceId").getAsString());
        client.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT", "MQTT_WS"})
    void byAThumbprint(IotHubClientProtocol protocol) throws Exception {
        String id = "thumb-" + protocol.name().toLowerCase().replace('_', '-');
        Device device = new Device(id, AuthenticationType.SELF_SIGNED);
        device.setThumbprint(keys.thumbprint("own"), keys.thumbprint("own"));
        new RegistryClient(cloud.service).addDevice(device);
        isHeard(client(id, "own", protocol), id);

        DeviceClient stranger = client(id, "stranger", protocol);
        stranger.setRetryPolicy(new NoRetry());
        IotHubClientException refused = assertThrows(IotHubClientException.class, () -> stranger.open(false));
        assertEquals("UNAUTHORIZED", refused.getStatusCode().name());
        stranger.close();
    }

    private void isProvisioned(String registration, ProvisioningDeviceClientTransportProtocol protocol) throws Exception {
        Shown security = new Shown(registration);
        ProvisioningDeviceClient client = ProvisioningDeviceClient.create(Cloud.HUB, cloud.scope, protocol, security);
        ProvisioningDeviceClientRegistrationResult result = client.registerDeviceSync();
        client.close();
        assertEquals(ProvisioningDeviceClientStatus.PROVISIONING_DEVICE_STATUS_ASSIGNED, result.getProvisioningDeviceClientStatus());
        assertEquals(registration, result.getDeviceId());
        isHeard(new DeviceClient(result.getIothubUri(), result.getDeviceId(), security, PROTOCOLS.get(protocol), ClientOptions.builder().build()), registration);
    }

    @Test
    void byACertificateOfItsOwnEnrolment() throws Exception {
        cloud.enrol("/enrollments/x-alone", "{\"type\":\"x509\",\"x509\":{\"clientCertificates\":{\"primary\":{\"certificate\":\"" + json("x-alone") + "\"}}}}");
        isProvisioned("x-alone", ProvisioningDeviceClientTransportProtocol.MQTT);
    }

    @ParameterizedTest
    @CsvSource({"x-mqtt, MQTT", "x-mqtt-ws, MQTT_WS"})
    void byACertificateOfTheGroupsAuthority(String registration, ProvisioningDeviceClientTransportProtocol protocol) throws Exception {
        cloud.enrol("/enrollmentGroups/by-ca", "{\"type\":\"x509\",\"x509\":{\"signingCertificates\":{\"primary\":{\"certificate\":\"" + json("ca") + "\"}}}}");
        isProvisioned(registration, protocol);
    }

    private static String json(String alias) throws Exception {
        return keys.certificate(alias).replace("\n", "\\n");
    }

    /** What a device keeps in its hardware. */
    private static final class Shown extends SecurityProviderX509 {

        private final String alias;

        Shown(String alias) {
            this.alias = alias;
        }

        @Override
        public String getClientCertificateCommonName() {
            return alias;
        }

        @Override
        public X509Certificate getClientCertificate() {
            return chain().get(0);
        }

        @Override
        public Key getClientPrivateKey() {
            try {
                return keys.key(alias);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Collection<X509Certificate> getIntermediateCertificatesChain() {
            return chain().subList(1, chain().size());
        }

        private List<X509Certificate> chain() {
            try {
                return keys.chain(alias);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
