package io.pantograph.hub.azure;

import static io.pantograph.hub.azure.KeepingRoom.json;
import static io.pantograph.hub.azure.KeepingRoom.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Credential.Kind;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.azure.Sas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnrollmentRoomTest {

    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private static final String OTHER = "ZmVkY2JhOTg3NjU0MzIxMA==";

    @TempDir
    Path home;

    private KeepingRoom room;
    private EnrollmentRoom enrollments;

    @BeforeEach
    void open() throws Exception {
        room = new KeepingRoom(home);
        enrollments = room.enrollments;
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    private void again() throws Exception {
        room.close();
        room = new KeepingRoom(home, room.clock);
        enrollments = room.enrollments;
    }

    private Path file() {
        return home.resolve("hub/credentials/azure.properties");
    }

    private Secret groupKey() throws Exception {
        Properties properties = new Properties();
        properties.load(Files.newBufferedReader(file()));
        return Secret.of(properties.getProperty("dps.group-key"));
    }

    private Values keep(String id, boolean group, String document) throws AzureException {
        return enrollments.keep(id, group, values(document), Optional.empty());
    }

    private Credential only(String registrationId) {
        List<Credential> all = enrollments.credentials(registrationId);
        assertEquals(1, all.size(), all::toString);
        return all.get(0);
    }

    private String pem(String name) throws Exception {
        try (java.io.InputStream in = getClass().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static AzureException refused(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(AzureException.class, call);
    }

    @Test
    void hasAGroupReadyWithTheKeyOfTheFile() throws Exception {
        assertEquals("0ne00EDGE01", enrollments.scope());
        Credential derived = only("sensor-7");
        assertEquals(Kind.SAS, derived.kind());
        assertEquals(Sas.derived(groupKey(), "sensor-7"), derived.keys().get(0));
        assertEquals(Identity.of("sensor-7"), derived.identity());
        Values group = enrollments.all(true).get(0);
        assertEquals("default", group.text("enrollmentGroupId"));
        assertEquals("enabled", group.text("provisioningStatus"));
        again();
        assertEquals(derived, only("sensor-7"));
    }

    @Test
    void followsTheFileAndTheFileFollows() throws Exception {
        only("s");
        Files.writeString(file(), Files.readString(file()).replaceAll("dps.group-key=.*", "dps.group-key=" + KEY));
        again();
        assertEquals(Sas.derived(Secret.of(KEY), "s"), only("s").keys().get(0));
        keep("default", true, "{'attestation':{'symmetricKey':{'primaryKey':'" + OTHER + "'}}}");
        assertEquals(Secret.of(OTHER), groupKey());
        again();
        assertEquals(Sas.derived(Secret.of(OTHER), "s"), only("s").keys().get(0));
        enrollments.delete("default", true, Optional.of("*"));
        assertEquals(List.of(), enrollments.credentials("s"));
        again();
        assertEquals(List.of(), enrollments.credentials("s"));
        keep("default", true, "{'attestation':{'symmetricKey':{'primaryKey':'" + OTHER + "'}}}");
        Files.writeString(file(), Files.readString(file()).replaceAll("dps.group-key=.*", "dps.group-key="));
        again();
        assertEquals(List.of(), enrollments.credentials("s"));
    }

    @Test
    void assignsADeviceOfAGroup() throws Exception {
        keep("default", true, "{'attestation':{'symmetricKey':{'primaryKey':'" + KEY + "'}},'capabilities':{'iotEdge':true},"
                + "'initialTwin':{'tags':{'floor':3},'properties':{'desired':{'brightness':7}}}}");
        Credential by = only("sensor-7");
        Values state = enrollments.register("sensor-7", by, Optional.of(values("{'modelId':'dtmi:com:example;1'}")));
        assertEquals("{\"registrationId\":\"sensor-7\",\"createdDateTimeUtc\":\"2026-01-01T00:00:00.000Z\",\"assignedHub\":\"127.0.0.1\","
                + "\"deviceId\":\"sensor-7\",\"status\":\"assigned\",\"substatus\":\"initialAssignment\",\"lastUpdatedDateTimeUtc\":\"2026-01-01T00:00:00.000Z\","
                + "\"etag\":\"" + state.text("etag") + "\"}", json(state));
        assertEquals(Optional.of(state), enrollments.state("sensor-7"));
        Identity device = Identity.of("sensor-7");
        assertEquals(by.keys(), room.identities.credential(device).orElseThrow().keys());
        Values twin = room.twins.twin(device);
        assertEquals("dtmi:com:example;1", twin.text("modelId"));
        assertEquals("{\"floor\":3}", json(twin.get("tags")));
        assertEquals("{\"brightness\":7,\"$version\":1}", json(room.twins.read(device).get("desired")));
        assertTrue(twin.values("capabilities").flag("iotEdge"));
    }

    @Test
    void leavesATwinThatIsThere() throws Exception {
        keep("r", false, "{'deviceId':'pump','attestation':{'symmetricKey':{'primaryKey':'" + KEY + "','secondaryKey':'" + KEY + "'}},"
                + "'initialTwin':{'tags':{'floor':3}}}");
        enrollments.register("r", only("r"), Optional.empty());
        Identity device = Identity.of("pump");
        room.twins.patch(device, values("{'tags':{'floor':4}}"), Optional.empty());
        room.clock.advance(Duration.ofSeconds(1));
        Values second = enrollments.register("r", only("r"), Optional.empty());
        assertEquals("reprovisionedToInitialAssignment", second.text("substatus"));
        assertEquals("pump", second.text("deviceId"));
        assertEquals("2026-01-01T00:00:00.000Z", second.text("createdDateTimeUtc"));
        assertEquals("2026-01-01T00:00:01.000Z", second.text("lastUpdatedDateTimeUtc"));
        assertEquals("{\"floor\":4}", json(room.twins.twin(device).get("tags")));
        assertEquals(List.of(), room.told, "nothing ends a connection when nothing changed");
        keep("r", false, "{'deviceId':'pump','attestation':{'symmetricKey':{'primaryKey':'" + OTHER + "'}}}");
        enrollments.register("r", only("r"), Optional.empty());
        assertEquals(Secret.of(OTHER), room.identities.credential(device).orElseThrow().keys().get(0));
        assertEquals(List.of("ended pump false"), room.told);
    }

    @Test
    void asksAnIndividualEnrolmentBeforeTheGroups() throws Exception {
        assertNotEquals(Secret.of(KEY), only("r").keys().get(0));
        keep("r", false, "{'registrationId':'r','attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'" + KEY + "'}}}");
        assertEquals(Secret.of(KEY), only("r").keys().get(0));
        keep("second", true, "{'attestation':{'type':'symmetricKey'}}");
        assertEquals(2, enrollments.credentials("q").size());
        for (String wrong : new String[] {"", "a/b", "a b", "a.", "x".repeat(129), "d*"}) {
            assertEquals(List.of(), enrollments.credentials(wrong), wrong);
        }
    }

    @Test
    void saysThatAnEnrolmentIsDisabled() throws Exception {
        keep("r", false, "{'provisioningStatus':'Disabled','attestation':{'type':'symmetricKey'}}");
        assertFalse(only("r").enabled());
        Values state = enrollments.register("r", only("r"), Optional.empty());
        assertEquals("disabled", state.text("status"));
        assertFalse(state.containsKey("assignedHub"));
        assertEquals(Optional.empty(), room.identities.credential(Identity.of("r")));
        Credential by = only("r");
        enrollments.delete("r", false, Optional.empty());
        assertEquals(Optional.empty(), enrollments.state("r"));
        assertEquals(AzureError.NotFound, refused(() -> enrollments.register("r", by, Optional.empty())).error());
    }

    @Test
    void takesACertificateOfADevice() throws Exception {
        Values kept = enrollments.keep("dev-x", false, Values.of("attestation", Values.of("type", "x509", "x509",
                Values.of("clientCertificates", Values.of("primary", Values.of("certificate", pem("device.pem")))))), Optional.empty());
        Values info = kept.values("attestation").values("x509").values("clientCertificates").values("primary").values("info");
        assertEquals("CN=dev-x", info.text("subjectName"));
        Credential by = only("dev-x");
        assertEquals(Kind.SELF_SIGNED, by.kind());
        assertEquals(List.of(info.text("sha256Thumbprint")), by.thumbprints());
        enrollments.register("dev-x", by, Optional.empty());
        assertEquals(by.thumbprints(), room.identities.credential(Identity.of("dev-x")).orElseThrow().thumbprints());
    }

    @Test
    void takesAnAuthorityOfAGroup() throws Exception {
        Values document = Values.of("attestation", Values.of("type", "x509", "x509",
                Values.of("signingCertificates", Values.of("primary", Values.of("certificate", pem("authority.pem"))))));
        Values kept = enrollments.keep("plant", true, document, Optional.empty());
        assertEquals(pem("authority.pem"), kept.values("attestation").values("x509").values("signingCertificates").values("primary").text("certificate"));
        Credential by = enrollments.credentials("dev-x").stream().filter(each -> each.kind() == Kind.CERTIFICATE_AUTHORITY).findFirst().orElseThrow();
        assertEquals("assigned", enrollments.register("dev-x", by, Optional.empty()).text("status"));
        assertEquals(Kind.CERTIFICATE_AUTHORITY, room.identities.credential(Identity.of("dev-x")).orElseThrow().kind());
        assertEquals(1, enrollments.authorities(Optional.of(by)).size());
        assertEquals(enrollments.authorities(Optional.of(by)), enrollments.authorities(Optional.empty()));
        Values.Builder off = Values.builder();
        document.forEach(off::put);
        enrollments.keep("plant", true, off.put("provisioningStatus", "disabled").build(), Optional.empty());
        assertEquals(1, enrollments.authorities(Optional.of(by)).size()); // it is told that it is disabled
        assertEquals(List.of(), enrollments.authorities(Optional.empty()));
        enrollments.delete("plant", true, Optional.empty());
        assertEquals(List.of(), enrollments.authorities(Optional.of(by)));
        Values device = Values.of("attestation", Values.of("type", "x509", "x509",
                Values.of("signingCertificates", Values.of("primary", Values.of("certificate", pem("device.pem"))))));
        assertTrue(refused(() -> enrollments.keep("plant2", true, device, Optional.empty())).getMessage().contains("no certificate authority"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'registrationId':'other'}                                                             | registrationId
            {'deviceId':'a/b'}                                                                     | deviceId
            {'attestation':{'type':'tpm'}}                                                         | attestation.type
            {'attestation':{'symmetricKey':{'primaryKey':'short'}}}                                | attestation.symmetricKey.primaryKey
            {'attestation':{'type':'x509'}}                                                        | attestation.x509.clientCertificates.primary.certificate
            {'attestation':{'x509':{'clientCertificates':{'primary':{'certificate':'x'}}}}}        | attestation.x509.clientCertificates.primary.certificate
            {'provisioningStatus':'maybe'}                                                         | provisioningStatus
            {'initialTwin':{'tags':{'a.b':1}}}                                                     | tags
            {'capabilities':{'iotEdge':1}}                                                         | capabilities.iotEdge
            """)
    void namesTheFieldThatIsWrong(String document, String field) {
        AzureException refused = refused(() -> keep("r", false, document));
        assertEquals(AzureError.ArgumentInvalid, refused.error());
        assertTrue(refused.getMessage().startsWith(field), refused.getMessage());
    }

    @Test
    void keepsKeysAndChecksETags() throws Exception {
        Values first = keep("r", false, "{'attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'','secondaryKey':null}}}");
        String etag = first.text("etag");
        Values second = enrollments.keep("r", false, values("{'provisioningStatus':'disabled'}"), Optional.of('"' + etag + '"'));
        assertEquals(first.get("attestation"), second.get("attestation"));
        assertEquals(AzureError.PreconditionFailed, refused(() -> enrollments.keep("r", false, Values.EMPTY, Optional.of(etag))).error());
        assertEquals(AzureError.PreconditionFailed, refused(() -> enrollments.keep("s", false, Values.EMPTY, Optional.of(etag))).error());
        assertEquals(AzureError.PreconditionFailed, refused(() -> enrollments.delete("r", false, Optional.of(etag))).error());
        assertEquals(AzureError.NotFound, refused(() -> enrollments.delete("s", false, Optional.empty())).error());
        again();
        assertEquals(json(second), json(enrollments.document("r", false).orElseThrow()));
        assertEquals(1, enrollments.all(false).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"modelId\":\"dtmi:a;1\"}", "{broken", "text", "{\"modelId\":7}"})
    void readsAModelInAText(String payload) throws Exception {
        enrollments.register("s", only("s"), Optional.of(payload));
        assertEquals(payload.contains("dtmi") ? "dtmi:a;1" : null, room.twins.twin(Identity.of("s")).get("modelId"));
    }
}
