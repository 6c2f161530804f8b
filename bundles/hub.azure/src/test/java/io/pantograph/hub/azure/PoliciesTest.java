package io.pantograph.hub.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Right;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.ConnectionString;
import io.pantograph.azure.Sas;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {

    @TempDir
    Path home;

    private final ManualClock clock = new ManualClock();
    private PlainSettings settings;

    @BeforeEach
    void settings() {
        settings = new PlainSettings(home);
    }

    private Path file() {
        return home.resolve("hub/credentials/azure.properties");
    }

    private KeyFile keys() throws SettingException {
        return KeyFile.of(settings, HubName.of(settings));
    }

    private Properties read() throws Exception {
        Properties properties = new Properties();
        properties.load(Files.newBufferedReader(file()));
        return properties;
    }

    @Test
    void makesKeysOnceAndKeepsThem() throws Exception {
        Map<String, Secret> first = keys().policies();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())));
        assertEquals(first, keys().policies());
        Properties written = read();
        ConnectionString owner = ConnectionString.parse(written.getProperty("service.connection-string"));
        assertEquals("127.0.0.1", owner.hostName());
        assertEquals(Optional.of("iothubowner"), owner.policy());
        assertEquals(owner.key(), Optional.of(first.get("iothubowner")));
        assertEquals("0ne00EDGE01", written.getProperty("dps.id-scope"));
        assertTrue(Sas.isKey(written.getProperty("dps.group-key")));
        for (String policy : new String[] {"service", "device", "registryRead", "registryReadWrite"}) {
            assertEquals(first.get(policy).reveal(), written.getProperty("policy." + policy + ".key"));
        }
        Files.delete(file());
        assertNotEquals(first.get("iothubowner"), keys().policies().get("iothubowner"));
    }

    @Test
    void takesWhatTheOperatorWroteAndFollowsTheSettings() throws Exception {
        keys();
        String own = "MDEyMzQ1Njc4OWFiY2RlZg==";
        String text = Files.readString(file()).replaceAll("policy.service.key=.*", "policy.service.key=" + own).replaceAll("dps.group-key=.*", "dps.group-key=");
        Files.writeString(file(), text);
        assertEquals(Secret.of(own), keys().policies().get("service"));
        assertEquals(Optional.empty(), keys().group());
        Secret owner = keys().policies().get("iothubowner");
        settings.with(HubName.HOST, "hub.example.org");
        settings.with(HubName.SCOPE, "0neAAAAAAAA");
        assertEquals(owner, keys().policies().get("iothubowner"));
        assertTrue(read().getProperty("service.connection-string").startsWith("HostName=hub.example.org;"));
        assertEquals("0neAAAAAAAA", read().getProperty("dps.id-scope"));
        Files.writeString(file(), text.replaceAll("policy.device.key=.*", "policy.device.key=short"));
        String why = assertThrows(SettingException.class, this::keys).getMessage();
        assertTrue(why.contains("policy.device.key") && why.contains("azure.properties"), why);
        Files.writeString(file(), "nonsense\n");
        assertThrows(SettingException.class, this::keys);
    }

    @ParameterizedTest
    @CsvSource({"pantograph.hub.azure.host, a b", "pantograph.hub.azure.host, hub:8443x", "pantograph.hub.azure.scope, 0ne1", "pantograph.hub.azure.scope, xne00EDGE01",
            "pantograph.hub.azure.scope, 0ne00EDGE/1"})
    void refusesSettingsThatCannotWork(String key, String value) {
        settings.with(key, value);
        assertTrue(assertThrows(SettingException.class, this::keys).getMessage().startsWith(key + '=' + value));
    }

    private static String denied(Policies policies, Optional<String> token, String host, String path, Right right) {
        try {
            policies.check(token, Optional.ofNullable(host), path, right);
            return "";
        } catch (AzureException e) {
            return e.error().name();
        }
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # resource, used host, path, error
            127.0.0.1,             -,                      /devices/d,     ''
            127.0.0.1,             localhost,              /devices/d,     ''
            LOCALHOST,             localhost:8443,         /devices/d,     ''
            localhost:8443,        localhost:8443,         /devices/d,     ''
            127.0.0.1:8443,        127.0.0.1:8443,         /devices/d,     ''
            localhost:8443,        localhost:8444,         /devices/d,     IotHubUnauthorized
            other,                 localhost,              /devices/d,     IotHubUnauthorized
            127.0.0.1/devices,     -,                      /devices/d,     ''
            127.0.0.1/devices/d/,  -,                      /devices/d,     ''
            127.0.0.1/devices/d,   -,                      /devices/d2,    IotHubUnauthorized
            127.0.0.1/devices/d2,  -,                      /devices/d,     IotHubUnauthorized
            127.0.0.1/twins,       -,                      /devices/d,     IotHubUnauthorized
            """)
    void opensTheHubOrThePartThatTheTokenIsFor(String resource, String used, String path, String error) throws Exception {
        Policies policies = new Policies("127.0.0.1", keys().policies(), clock);
        Secret key = policies.policy("iothubowner").orElseThrow().primary();
        Optional<String> token = Optional.of(Sas.make(resource, key, clock.instant().plusSeconds(60), Optional.of("iothubowner")));
        assertEquals(error, denied(policies, token, used, path, Right.RegistryWrite));
    }

    @Test
    void refusesWhatProvesNothing() throws Exception {
        Policies policies = new Policies("127.0.0.1", keys().policies(), clock);
        Secret key = policies.policy("service").orElseThrow().primary();
        Optional<String> good = Optional.of(Sas.make("127.0.0.1", key, clock.instant().plusSeconds(60), Optional.of("service")));
        assertEquals("", denied(policies, good, null, "/twins/d", Right.ServiceConnect));
        assertEquals("IotHubUnauthorizedAccess", denied(policies, good, null, "/devices/d", Right.RegistryRead));
        for (Optional<String> wrong : java.util.List.of(Optional.<String>empty(), Optional.of(""), Optional.of("Bearer x"),
                Optional.of(Sas.make("127.0.0.1", key, clock.instant().plusSeconds(60), Optional.empty())),
                Optional.of(Sas.make("127.0.0.1", key, clock.instant().plusSeconds(60), Optional.of("iothubowner"))),
                Optional.of(Sas.make("127.0.0.1", Keys.random(), clock.instant().plusSeconds(60), Optional.of("service"))),
                good.map(token -> token.replace("sr=", "sr=%")),
                good.map(token -> token.replaceAll("se=\\d+", "se=9999999999")))) {
            assertEquals("IotHubUnauthorized", denied(policies, wrong, null, "/twins/d", Right.ServiceConnect), wrong::toString);
        }
        clock.advance(Duration.ofSeconds(60));
        assertEquals("IotHubUnauthorized", denied(policies, good, null, "/twins/d", Right.ServiceConnect));
    }

    @ParameterizedTest
    @CsvSource({"iothubowner, true, true, true, true", "service, false, false, true, false", "device, false, false, false, true",
            "registryRead, true, false, false, false", "registryReadWrite, true, true, false, false"})
    void givesEachPolicyItsRights(String name, boolean read, boolean write, boolean service, boolean device) throws Exception {
        Policies policies = new Policies("127.0.0.1", keys().policies(), clock);
        Optional<String> token = Optional.of(Sas.make("127.0.0.1", policies.policy(name).orElseThrow().primary(), clock.instant().plusSeconds(9),
                Optional.of(name)));
        for (Right right : Right.values()) {
            boolean may = switch (right) {
                case RegistryRead -> read;
                case RegistryWrite -> write;
                case ServiceConnect -> service;
                case DeviceConnect -> device;
            };
            assertEquals(may, denied(policies, token, null, "/x", right).isEmpty(), right.name());
        }
        assertFalse(token.toString().contains("***"));
    }
}
