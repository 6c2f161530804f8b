package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceEvent;
import io.pantograph.api.service.Target;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.FaultProxy;
import io.pantograph.testkit.KeyPairs;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All ways in which our Azure device proves who it is, over real TLS; and how those that fail are told, and do not hammer. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureLoginTest {

    private static final String MODEL = "dtmi:com:example:Mast;1";

    private static AzureCloud cloud;
    private static AzureCloud old;
    private static AzureGateway gateway;
    private static KeyPairs keys;
    private static int count;

    private final String id = "login-" + ++count;
    private Device device;

    @BeforeAll
    static void start() throws Exception {
        cloud = AzureCloud.start();
        Path folder = TestHub.home("old");
        Path rules = Files.writeString(folder.resolve("java.security"), "jdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1, TLSv1.3\n");
        old = AzureCloud.start(Map.of("java.security.properties", rules.toString()));
        gateway = AzureGateway.start(cloud);
        Files.writeString(gateway.home.resolve("conf/ca.pem"), Files.readString(cloud.authority()) + Files.readString(old.authority()));
        keys = new KeyPairs(folder).make("own", "anybody").make("stranger", "anybody").make("ca", "Trial CA", "-ext", "bc:c")
                .make("x-group", "x-group", "-signer", "ca").make("x-alone", "x-alone");
        for (String alias : new String[] {"own", "stranger", "x-group", "x-alone"}) {
            keys.write(alias, gateway.home.resolve("conf"));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        cloud.close();
        old.close();
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
    }

    private void isIn(AzureCloud where, String at) throws Exception {
        Await.result(device.publish(Telemetry.of("hello", Content.of("n", 1))));
        DeviceEvent event = AzureCloud.next(where.telemetry(at), "its event");
        assertEquals("{\"n\":1}", event.body().text());
    }

    private static DeviceOptions shows(DeviceOptions options, String alias) {
        return options.with("x509-certificate", "conf/" + alias + ".pem").with("x509-key", "conf/" + alias + ".key");
    }

    private static void known(AzureCloud where, String id) throws Exception {
        HttpResponse<String> made = where.rest("PUT", "/devices/" + id + "?api-version=2021-04-12", "{\"deviceId\":\"" + id
                + "\",\"authentication\":{\"type\":\"selfSigned\",\"x509Thumbprint\":{\"primaryThumbprint\":\"" + keys.thumbprint("own") + "\"}}}");
        assertEquals(200, made.statusCode(), made.body());
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, mqtt", "TLSv1.3, websocket", "TLSv1.2, mqtt", "TLSv1.2, websocket"})
    void byACertificateThatTheHubKnows(String version, String transport) throws Exception {
        AzureCloud where = version.equals("TLSv1.3") ? cloud : old;
        int port = transport.equals("mqtt") ? where.mqtts() : where.https();
        assertEquals(version, negotiated(where, port));
        String name = "x509-" + version.charAt(version.length() - 1) + transport;
        known(where, name);
        DeviceOptions options = shows(DeviceOptions.dialect("azure").with("connection-string", "HostName=127.0.0.1;DeviceId=" + name + ";x509=true")
                .with("transport", transport).with("port", port), "own");
        device = gateway.connect(options);
        isIn(where, name);
        device.close();
        device = gateway.gateway.connect(shows(options, "stranger"));
        assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, device.connected()).reason());
        assertEquals(Reason.BAD_CREDENTIAL, device.status().reason());
    }

    private static String negotiated(AzureCloud where, int port) throws Exception {
        try (SSLSocket socket = (SSLSocket) where.hub().box.tls().getSocketFactory().createSocket(AzureCloud.HOST, port)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    @Test
    void bySingleSettingsAndByAReadyMadeToken() throws Exception {
        String key = cloud.device(id);
        device = gateway.connect(DeviceOptions.dialect("azure").with("host", "127.0.0.1").with("device-id", id).secret("shared-access-key", key)
                .with("port", cloud.mqtts()));
        isIn(cloud, id);
        device.close();
        device = gateway.connect(DeviceOptions.dialect("azure").with("port", cloud.mqtts()).secret("connection-string",
                "HostName=127.0.0.1;DeviceId=" + id + ";SharedAccessSignature=" + AzureCloud.token("/devices/" + id, key, Duration.ofMinutes(5))));
        isIn(cloud, id);
    }

    @Test
    void byAGatewayInFrontOfTheHub() throws Exception {
        String key = cloud.device(id);
        try (FaultProxy front = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.connect(DeviceOptions.dialect("azure").secret("connection-string",
                    AzureCloud.connection(id, key).replace("127.0.0.1", "hub.example") + ";GatewayHostName=127.0.0.1:" + front.port()));
            isIn(cloud, id);
            assertTrue(front.bytesUp() > 0);
        } catch (AssertionError e) {
            throw new AssertionError(String.valueOf(device == null ? e : device.status()), e);
        }
    }

    private static DeviceOptions registration(String name) {
        return DeviceOptions.dialect("azure").with("id-scope", cloud.scope).with("registration-id", name).with("provisioning-host", "127.0.0.1")
                .with("port", cloud.mqtts()).with("model-id", MODEL);
    }

    private static void enrol(String path, String attestation) throws Exception {
        HttpResponse<String> made = cloud.rest("PUT", path + "?api-version=2021-10-01", "{\"attestation\":" + attestation
                + ",\"initialTwin\":{\"tags\":{\"floor\":3},\"properties\":{\"desired\":{\"interval\":5}}}}");
        assertEquals(200, made.statusCode(), made.body());
    }

    private void isProvisioned(String name) throws Exception {
        Await.result(device.connected());
        isIn(cloud, name);
        assertEquals(MODEL, cloud.twin(name).text("modelId"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "websocket"})
    void byAKeyDerivedFromTheGroups(String transport) throws Exception {
        String name = "of-the-group-" + transport;
        device = gateway.gateway.connect(registration(name).secret("group-key", cloud.groupKey).with("transport", transport)
                .with("port", transport.equals("mqtt") ? cloud.mqtts() : cloud.https()));
        isProvisioned(name);
    }

    @Test
    void byAKeyOfItsOwnEnrolment() throws Exception {
        String key = java.util.Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes());
        enrol("/enrollments/alone", "{\"type\":\"symmetricKey\",\"symmetricKey\":{\"primaryKey\":\"" + key + "\",\"secondaryKey\":\"" + key + "\"}}");
        device = gateway.gateway.connect(registration("alone").secret("symmetric-key", key));
        isProvisioned("alone");
        assertEquals(Values.of("floor", 3), AzureCloud.plain(cloud.twin("alone").values("tags")));
        assertEquals(Values.of("interval", 5), Await.result(device.twin()).desired());
    }

    @Test
    void byACertificateOfItsOwnEnrolment() throws Exception {
        enrol("/enrollments/x-alone", "{\"type\":\"x509\",\"x509\":{\"clientCertificates\":{\"primary\":{\"certificate\":\"" + json("x-alone") + "\"}}}}");
        device = gateway.gateway.connect(shows(registration("x-alone"), "x-alone"));
        isProvisioned("x-alone");
    }

    @Test
    void byACertificateOfTheGroupsAuthority() throws Exception {
        enrol("/enrollmentGroups/by-ca", "{\"type\":\"x509\",\"x509\":{\"signingCertificates\":{\"primary\":{\"certificate\":\"" + json("ca") + "\"}}}}");
        device = gateway.gateway.connect(shows(registration("x-group"), "x-group"));
        isProvisioned("x-group");
    }

    private static String json(String alias) throws Exception {
        return keys.certificate(alias).replace("\n", "\\n");
    }

    @Test
    void aDeviceThatIsMovedAsksAgainWhereItBelongs() throws Exception {
        device = gateway.gateway.connect(registration("moved").secret("group-key", cloud.groupKey));
        isProvisioned("moved");
        device.close();
        Await.result(cloud.service.registry().delete(Target.of("moved"), Optional.empty()));
        device = gateway.gateway.connect(registration("moved").secret("group-key", cloud.groupKey));
        Await.until(() -> "it to be made anew: " + device.status(), Await.USUAL, () -> device.status().state() == State.CONNECTED);
        isIn(cloud, "moved");
    }

    @Test
    void aProvisioningThatIsRefusedIsTold() {
        String wrong = java.util.Base64.getEncoder().encodeToString("another-key-another-key-another!".getBytes());
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.gateway.connect(registration("nobody").secret("group-key", wrong).with("port", link.port()));
            assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, device.connected()).reason());
            doesNotHammer(link, Reason.BAD_CREDENTIAL, 1);
        }
    }

    private void doesNotHammer(FaultProxy link, Reason reason, int most) {
        Await.until(() -> "the reason " + reason + ", not " + device.status(), Await.USUAL, () -> device.status().reason() == reason);
        assertEquals(State.WAITING, device.status().state());
        pause(2_000);
        System.out.println(reason + ": " + link.accepted() + " connections in 2 s, told as: " + device.status().detail());
        assertTrue(link.accepted() <= most, link.accepted() + " connections");
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis); // what does not happen can only be waited for
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aWrongKeyIsToldAndDoesNotHammer() {
        cloud.device(id);
        String other = cloud.device(id + "-other");
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.gateway.connect(AzureGateway.options(id, other, link.port()));
            assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, device.connected()).reason());
            doesNotHammer(link, Reason.BAD_CREDENTIAL, 1);
            assertFalse(device.status().detail().contains(other));
        }
    }

    @Test
    void aDisabledDeviceIsToldAndComesBackWhenEnabled() throws Exception {
        String key = cloud.device(id);
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.connect(AzureGateway.options(id, key, link.port()));
            enable(false);
            doesNotHammer(link, Reason.DEVICE_DISABLED, 4);
            enable(true);
            Await.until(() -> "it to come back: " + device.status(), Duration.ofSeconds(60), () -> device.status().state() == State.CONNECTED);
            isIn(cloud, id);
        }
    }

    private void enable(boolean enabled) {
        Values document = Await.result(cloud.service.registry().find(Target.of(id)));
        Values.Builder changed = Values.builder();
        document.forEach((name, value) -> changed.put(name, name.equals("status") ? enabled ? "enabled" : "disabled" : value));
        Await.result(cloud.service.registry().update(Target.of(id), changed.build(), Optional.empty()));
    }

    @Test
    void aReadyMadeTokenEndsAndDoesNotHammer() throws Exception {
        String key = cloud.device(id);
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.connect(DeviceOptions.dialect("azure").with("host", "127.0.0.1").with("device-id", id).with("port", link.port())
                    .secret("shared-access-signature", AzureCloud.token("/devices/" + id, key, Duration.ofSeconds(3))));
            doesNotHammer(link, Reason.EXPIRED_TOKEN, 1);
        }
    }

    @Test
    void aTokenThatIsOverFromTheStartIsNotEvenTried() throws Exception {
        String key = cloud.device(id);
        try (FaultProxy link = new FaultProxy(AzureCloud.HOST, cloud.mqtts())) {
            device = gateway.gateway.connect(DeviceOptions.dialect("azure").with("host", "127.0.0.1").with("device-id", id).with("port", link.port())
                    .secret("shared-access-signature", AzureCloud.token("/devices/" + id, key, Duration.ofSeconds(-5))));
            assertEquals(DeliveryException.Reason.REFUSED, Await.failure(DeliveryException.class, device.connected()).reason());
            doesNotHammer(link, Reason.EXPIRED_TOKEN, 0);
        }
    }

    @Test
    void settingsThatCannotBeAreNamed() {
        String key = cloud.device(id);
        for (DeviceOptions wrong : new DeviceOptions[] {
                AzureGateway.options(id, key, 1).with("sas-life-s", 1),
                AzureGateway.options(id, key, 1).with("nosuch", 1),
                AzureGateway.options(id, "no base64!", 1),
                shows(AzureGateway.options(id, key, 1), "own"),
                DeviceOptions.dialect("azure").with("connection-string", "HostName=127.0.0.1;DeviceId=" + id + ";x509=true")}) {
            String why = assertThrows(IllegalArgumentException.class, () -> gateway.gateway.connect(wrong)).getMessage();
            assertFalse(why.isEmpty() || why.contains(key), why);
        }
    }
}
