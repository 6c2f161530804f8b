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
import io.pantograph.api.azure.Identities.Statistics;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.azure.Sas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityRoomTest {

    private static final Identity DEVICE = Identity.of("dev-1");
    private static final Identity MODULE = Identity.of("dev-1", "m-1");
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private static final String SHA1 = "0123456789ABCDEF0123456789ABCDEF01234567";

    @TempDir
    Path home;

    private KeepingRoom room;
    private IdentityRoom identities;

    @BeforeEach
    void open() throws Exception {
        room = new KeepingRoom(home);
        identities = room.identities;
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    private static AzureException refused(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(AzureException.class, call);
    }

    @Test
    void answersInTheShapeOfTheRestApi() throws Exception {
        Values made = identities.create(DEVICE, values("{'deviceId':'dev-1','authentication':{'symmetricKey':{'primaryKey':'" + KEY
                + "','secondaryKey':'" + KEY + "'}}}"));
        assertEquals("{\"deviceId\":\"dev-1\",\"generationId\":\"" + made.text("generationId") + "\",\"etag\":\"" + made.text("etag")
                + "\",\"connectionState\":\"Disconnected\",\"status\":\"enabled\",\"statusReason\":null,\"statusUpdatedTime\":\"0001-01-01T00:00:00Z\","
                + "\"connectionStateUpdatedTime\":\"0001-01-01T00:00:00Z\",\"lastActivityTime\":\"0001-01-01T00:00:00Z\",\"cloudToDeviceMessageCount\":0,"
                + "\"authentication\":{\"symmetricKey\":{\"primaryKey\":\"" + KEY + "\",\"secondaryKey\":\"" + KEY + "\"},"
                + "\"x509Thumbprint\":{\"primaryThumbprint\":null,\"secondaryThumbprint\":null},\"type\":\"sas\"},"
                + "\"capabilities\":{\"iotEdge\":false},\"parentScopes\":[]}", json(made));
        assertEquals(made, identities.document(DEVICE));
    }

    @Test
    void takesWhatTheNodeClientSends() throws Exception {
        Values made = identities.create(DEVICE, values("{'deviceId':'dev-1','status':'enabled','authentication':{'symmetricKey':"
                + "{'primaryKey':'','secondaryKey':''}}}"));
        Values keys = made.values("authentication").values("symmetricKey");
        assertTrue(Sas.isKey(keys.text("primaryKey")) && Sas.isKey(keys.text("secondaryKey")));
        assertNotEquals(keys.text("primaryKey"), keys.text("secondaryKey"));
    }

    @Test
    void takesWhatTheJavaClientSends() throws Exception {
        Values made = identities.create(DEVICE, values("{'deviceId':'dev-1','generationId':'','status':'Disabled','statusReason':'new','connectionState':'Disconnected',"
                + "'statusUpdatedTime':'0001-12-30T00:00:00','lastActivityTime':'0001-12-30T00:00:00','cloudToDeviceMessageCount':0,'forceUpdate':false,"
                + "'authentication':{'symmetricKey':{'primaryKey':'" + KEY + "','secondaryKey':'" + KEY + "'},'type':'sas'},'parentScopes':[],"
                + "'capabilities':null}"));
        assertEquals("disabled", made.text("status"));
        assertEquals("new", made.text("statusReason"));
        assertFalse(made.text("generationId").isEmpty());
        assertFalse(identities.credential(DEVICE).orElseThrow().enabled());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'deviceId':'dev-2'}                                                        | deviceId
            {'status':'on'}                                                             | status
            {'status':1}                                                                | status
            {'statusReason':{}}                                                         | statusReason
            {'authentication':[]}                                                       | authentication
            {'authentication':{'type':'magic'}}                                         | authentication.type
            {'authentication':{'symmetricKey':{'primaryKey':'c2hvcnQ='}}}               | authentication.symmetricKey.primaryKey
            {'authentication':{'symmetricKey':{'secondaryKey':'no base64!'}}}           | authentication.symmetricKey.secondaryKey
            {'authentication':{'type':'selfSigned'}}                                    | authentication.x509Thumbprint.primaryThumbprint
            {'authentication':{'x509Thumbprint':{'primaryThumbprint':'12'}}}            | authentication.x509Thumbprint.primaryThumbprint
            {'capabilities':{'iotEdge':'yes'}}                                          | capabilities.iotEdge
            {'parentScopes':[1]}                                                        | parentScopes
            """)
    void namesTheFieldThatIsWrong(String wanted, String field) {
        AzureException refused = refused(() -> identities.create(DEVICE, values(wanted)));
        assertEquals(AzureError.ArgumentInvalid, refused.error());
        assertTrue(refused.getMessage().startsWith(field + ' '), refused.getMessage());
        assertEquals(0, identities.statistics().total());
    }

    @Test
    void takesThumbprintsAsPeopleCopyThem() throws Exception {
        identities.create(DEVICE, values("{'authentication':{'x509Thumbprint':{'primaryThumbprint':'01:23:45:67:89:ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23:45:67',"
                + "'secondaryThumbprint':null}}}"));
        Credential credential = identities.credential(DEVICE).orElseThrow();
        assertEquals(Credential.Kind.SELF_SIGNED, credential.kind());
        assertEquals(List.of(SHA1), credential.thumbprints());
        assertEquals(List.of(), credential.keys());
        assertEquals("selfSigned", room.twins.twin(DEVICE).text("authenticationType"));
        identities.update(DEVICE, values("{'authentication':{'type':'certificateAuthority'}}"), Optional.empty());
        assertEquals(Credential.Kind.CERTIFICATE_AUTHORITY, identities.credential(DEVICE).orElseThrow().kind());
    }

    @Test
    void keepsWhatAnUpdateDoesNotTell() throws Exception {
        Values made = identities.create(DEVICE, values("{'statusReason':'because'}"));
        room.clock.advance(Duration.ofSeconds(5));
        Values updated = identities.update(DEVICE, values("{'status':'DISABLED'}"), Optional.of('"' + made.text("etag") + '"'));
        assertEquals(made.values("authentication"), updated.values("authentication"));
        assertEquals("disabled", updated.text("status"));
        assertEquals("2026-01-01T00:00:05.000Z", updated.text("statusUpdatedTime"));
        assertEquals(made.text("generationId"), updated.text("generationId"));
        assertNotEquals(made.text("etag"), updated.text("etag"));
        assertEquals(AzureError.PreconditionFailed, refused(() -> identities.update(DEVICE, Values.EMPTY, Optional.of(made.text("etag")))).error());
        identities.update(DEVICE, Values.EMPTY, Optional.of("\"*\""));
        assertEquals(AzureError.PreconditionFailed, refused(() -> identities.delete(DEVICE, Optional.of("\"AA==\""))).error());
        identities.delete(DEVICE, Optional.of("*"));
    }

    @Test
    void refusesWhatIsThereOrIsNotThere() throws Exception {
        assertEquals(AzureError.DeviceNotFound, refused(() -> identities.create(MODULE, Values.EMPTY)).error());
        assertEquals(AzureError.DeviceNotFound, refused(() -> identities.update(DEVICE, Values.EMPTY, Optional.empty())).error());
        assertEquals(AzureError.DeviceNotFound, refused(() -> identities.delete(DEVICE, Optional.empty())).error());
        assertEquals(AzureError.DeviceNotFound, refused(() -> identities.modules("dev-1")).error());
        identities.create(DEVICE, Values.EMPTY);
        assertEquals(AzureError.DeviceAlreadyExists, refused(() -> identities.create(DEVICE, Values.EMPTY)).error());
        assertEquals(AzureError.ModuleNotFound, refused(() -> identities.document(MODULE)).error());
        identities.create(MODULE, values("{'moduleId':'m-1','deviceId':'dev-1','managedBy':'me'}"));
        assertEquals(AzureError.ModuleAlreadyExistsOnDevice, refused(() -> identities.create(MODULE, Values.EMPTY)).error());
        Values module = identities.modules("dev-1").get(0);
        assertEquals("me", module.text("managedBy"));
        assertEquals("m-1", module.text("moduleId"));
        assertFalse(module.containsKey("status"));
    }

    @Test
    void endsConnectionsOfWhoMayNotGoOn() throws Exception {
        identities.create(DEVICE, Values.EMPTY);
        identities.create(MODULE, Values.EMPTY);
        identities.update(DEVICE, values("{'statusReason':'x'}"), Optional.empty());
        assertEquals(List.of(), room.told);
        identities.update(DEVICE, values("{'authentication':{'symmetricKey':{'primaryKey':'" + KEY + "'}}}"), Optional.empty());
        assertEquals(List.of("ended dev-1 false"), room.told);
        assertEquals(Secret.of(KEY), identities.credential(DEVICE).orElseThrow().keys().get(0));
        room.told.clear();
        assertTrue(identities.credential(MODULE).orElseThrow().enabled());
        identities.update(DEVICE, values("{'status':'disabled'}"), Optional.empty());
        assertEquals(List.of("ended dev-1/m-1 false", "ended dev-1 false"), room.told);
        assertFalse(identities.credential(MODULE).orElseThrow().enabled());
        room.told.clear();
        identities.delete(DEVICE, Optional.empty());
        assertEquals(List.of("ended dev-1/m-1 true", "ended dev-1 true"), room.told);
        assertEquals(Optional.empty(), identities.credential(MODULE));
        assertEquals(Optional.empty(), identities.credential(DEVICE));
    }

    @Test
    void beginsAnewWhenMadeAgain() throws Exception {
        Values first = identities.create(DEVICE, Values.EMPTY);
        room.twins.model(DEVICE, Optional.of("dtmi:a;1"));
        room.twins.patch(DEVICE, values("{'tags':{'a':1}}"), Optional.empty());
        identities.seen(DEVICE, true);
        identities.delete(DEVICE, Optional.empty());
        Values second = identities.create(DEVICE, Values.EMPTY);
        assertNotEquals(first.text("generationId"), second.text("generationId"));
        assertEquals("Disconnected", second.text("connectionState"));
        assertEquals(Values.EMPTY, room.twins.twin(DEVICE).values("tags"));
        assertFalse(room.twins.twin(DEVICE).containsKey("modelId"));
    }

    @Test
    void knowsWhoIsConnected() throws Exception {
        identities.create(DEVICE, Values.EMPTY);
        identities.create(Identity.of("dev-2"), values("{'status':'disabled'}"));
        identities.seen(DEVICE, true);
        room.clock.advance(Duration.ofSeconds(1));
        identities.seen(DEVICE, true);
        Values document = identities.document(DEVICE);
        assertEquals("Connected", document.text("connectionState"));
        assertEquals("2026-01-01T00:00:00.000Z", document.text("connectionStateUpdatedTime"));
        assertEquals("2026-01-01T00:00:01.000Z", document.text("lastActivityTime"));
        assertEquals(new Statistics(2, 1, 1, 1), identities.statistics());
        room.close();
        room = new KeepingRoom(home, room.clock);
        identities = room.identities;
        assertFalse(identities.connected(DEVICE));
        assertEquals("2026-01-01T00:00:01.000Z", identities.document(DEVICE).text("lastActivityTime"));
        assertEquals(new Statistics(2, 1, 1, 0), identities.statistics());
    }

    @Test
    void changesManyEachByItself() throws Exception {
        Values result = identities.bulk(List.of(
                values("{'id':'a','importMode':'create','tags':{'t':1},'properties':{'desired':{'p':2}}}"),
                values("{'id':'a','importMode':'Create'}"),
                values("{'id':'b','importMode':'createOrUpdate','status':'disabled'}"),
                values("{'id':'b','importMode':'update','status':'enabled'}"),
                values("{'id':'b','importMode':'updateIfMatchETag','eTag':'AA=='}"),
                values("{'id':'b','importMode':'updateTwin','tags':{'u':1}}"),
                values("{'id':'b','importMode':'updateTwinIfMatchETag','twinETag':'AAAAAAAAAAE=','tags':{'u':2}}"),
                values("{'id':'c/d','importMode':'create'}"),
                values("{'id':'e','importMode':'delete'}"),
                values("{'id':'a','moduleId':'m','importMode':'create'}"),
                values("{'id':'a','importMode':'explode'}")));
        assertFalse(result.flag("isSuccessful"));
        List<String> errors = new ArrayList<>();
        result.list("errors").forEach(error -> errors.add(((Values) error).text("deviceId") + ' ' + ((Values) error).text("errorCode")));
        assertEquals(List.of("a DeviceAlreadyExists", "b PreconditionFailed", "b PreconditionFailed", "c/d ArgumentInvalid", "e DeviceNotFound",
                "a ArgumentInvalid"), errors);
        assertEquals("{\"t\":1}", json(room.twins.twin(Identity.of("a")).get("tags")));
        assertEquals("{\"u\":1}", json(room.twins.twin(Identity.of("b")).get("tags")));
        assertEquals("enabled", identities.document(Identity.of("b")).text("status"));
        assertEquals(List.of("a", "b"), identities.devices(10).stream().map(device -> device.text("deviceId")).toList());
        assertTrue(identities.bulk(List.of(values("{'id':'a','importMode':'delete'}"))).flag("isSuccessful"));
        assertEquals(AzureError.TooManyDevices, refused(() -> identities.bulk(java.util.Collections.nCopies(101, values("{'id':'a'}")))).error());
    }

    @Test
    void takesFiftyModules() throws Exception {
        identities.create(DEVICE, Values.EMPTY);
        for (int i = 0; i < 50; i++) {
            identities.create(Identity.of("dev-1", "m" + i), Values.EMPTY);
        }
        assertEquals(AzureError.TooManyModulesOnDevice, refused(() -> identities.create(MODULE, Values.EMPTY)).error());
    }

    @Test
    void writesTheLifeOfDevicesToTheEventLog() throws Exception {
        identities.create(DEVICE, Values.EMPTY);
        identities.create(MODULE, Values.EMPTY);
        identities.delete(DEVICE, Optional.empty());
        assertEquals(List.of("deviceLifecycleEvents createDeviceIdentity dev-1", "deviceLifecycleEvents createModuleIdentity dev-1/m-1",
                "deviceLifecycleEvents deleteDeviceIdentity dev-1"), room.events.stream().map(event -> event.substring(0, event.indexOf(" {"))).toList());
    }

    @Test
    void keepsAllOverARestart() throws Exception {
        identities.create(DEVICE, values("{'statusReason':'x','capabilities':{'iotEdge':true},'authentication':{'type':'selfSigned','x509Thumbprint':"
                + "{'secondaryThumbprint':'" + SHA1 + "'}}}"));
        identities.create(MODULE, Values.EMPTY);
        List<Values> before = List.of(identities.document(DEVICE), identities.document(MODULE));
        room.close();
        room = new KeepingRoom(home, room.clock);
        identities = room.identities;
        assertEquals(json(before), json(List.of(identities.document(DEVICE), identities.document(MODULE))));
    }
}
