package io.pantograph.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.cli.FakeHub.Run;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code deploy}: what it asks a gateway, here or through a hub, and what it prints. */
class DeployTest {

    private static final String EVIDENCE = "'evidence':{'vectors':3,'samples':2,'calls':7,'wanted':20,'errors':1,'fallbacks':1,'p50-us':2.5,'p99-us':1000.0,"
            + "'compared':5,'different':1,'differences':[{'format':'custom','direction':'decode','field':'$.x','before':'10','after':'11','count':1}]}";

    @TempDir
    Path folder;
    private FakeGateway gateway;

    @BeforeEach
    void open() throws Exception {
        gateway = new FakeGateway(folder.resolve("home"));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static void is(Run run, int code, String out, String err) {
        assertEquals(out, run.out());
        assertEquals(err, run.err());
        assertEquals(code, run.code());
    }

    private Jar jar(String file, String name) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (name != null) {
            manifest.getMainAttributes().putValue("Bundle-SymbolicName", name + ";singleton:=true");
            manifest.getMainAttributes().putValue("Bundle-Version", "1.1.0");
        }
        Path path = folder.resolve(file);
        try (OutputStream out = Files.newOutputStream(path)) {
            new JarOutputStream(out, manifest).close();
        }
        return name == null ? null : Jar.of(path);
    }

    private static String deployment(String state, String more) {
        return "{'id':'d-3','door':'rest','state':'" + state + "','begun':'2026-01-01T00:00:00Z'" + more
                + ",'bundles':[{'name':'org.example','state':'" + state + "','version':'1.1.0','before':'1.0.0'," + EVIDENCE + "}]"
                + ",'history':[{'time':'2026-01-01T00:00:00Z','state':'staged','said':'asked for by rest'}]}";
    }

    private static String staged() {
        return "{'id':'d-3','door':'rest','state':'staged','begun':'2026-01-01T00:00:00Z','bundles':[{'name':'org.example','state':'staged','version':'1.1.0'}],'history':[]}";
    }

    private FakeGateway taking(Jar jar) {
        return gateway.answer(200, "{'sha256':'" + jar.sha256() + "'}");
    }

    // --- add

    @Test
    void addWatchesUntilItIsProven() throws Exception {
        Jar jar = jar("a.jar", "org.example");
        taking(jar).answer(202, staged()).answer(200, deployment("probation", "")).answer(200, deployment("probation", "")).answer(200, deployment("proven", ""));
        is(gateway.run("deploy", "add", jar.file().toString()), 0, """
                d-3 is proven
                  FORMAT  DIRECTION  FIELD  BEFORE  NOW  MESSAGES
                  custom  decode     $.x    10      11   1
                """, """
                d-3  org.example 1.1.0  staged
                d-3  org.example 1.1.0  probation  7 of 20 calls, 1 failed, 1 of 5 different
                d-3  org.example 1.1.0  proven  7 of 20 calls, 1 failed, 1 of 5 different
                """);
        assertEquals("PUT /artifacts " + Files.size(jar.file()) + " bytes", gateway.asked.get(0));
        assertEquals("POST /deployments {\"bundles\":{\"org.example\":{\"version\":\"1.1.0\",\"sha256\":\"" + jar.sha256() + "\"}}}", gateway.asked.get(1));
        assertEquals("GET /deployments/d-3?wait=1&seen=staged", gateway.asked.get(2));
        assertEquals("GET /deployments/d-3?wait=1&seen=probation", gateway.asked.get(3));
    }

    @Test
    void whatIsTakenBackIsToldWithTheFieldsThatDiffer() throws Exception {
        Jar jar = jar("a.jar", "org.example");
        taking(jar).answer(202, staged()).answer(200, deployment("rolled back", ",'reason':'1 of 5 messages came out differently, none may'"));
        Run run = gateway.run("deploy", "add", jar.file().toString());
        is(run, 1, "", """
                d-3  org.example 1.1.0  staged
                d-3  org.example 1.1.0  rolled back  7 of 20 calls, 1 failed, 1 of 5 different
                d-3 is rolled back: 1 of 5 messages came out differently, none may
                  FORMAT  DIRECTION  FIELD  BEFORE  NOW  MESSAGES
                  custom  decode     $.x    10      11   1
                """);
    }

    @Test
    void whatIsRefusedIsTold() throws Exception {
        Jar jar = jar("a.jar", "org.example");
        taking(jar).answer(202, staged().replace("'state':'staged'", "'state':'refused','reason':'it exports a package; keep it private'"));
        is(gateway.run("deploy", "add", jar.file().toString()), 1, "", "d-3 is refused: it exports a package; keep it private\n");
        gateway.answer(409, "{'error':'the jar is no whole one; send it again'}");
        is(gateway.run("deploy", "add", jar.file().toString()), 1, "", "the jar is no whole one; send it again\n");
    }

    @Test
    void everyOptionReachesTheRelease() throws Exception {
        Jar jar = jar("a.jar", "org.example");
        taking(jar).answer(202, staged());
        is(gateway.run("deploy", "add", jar.file().toString(), "--no-wait", "--shadow", "100", "--calls", "20", "--canary-device", "meter/m-1", "--canary-type", "pump",
                "--canary-percent", "10", "--canary-calls", "50", "--errors", "0.01", "--differences", "1", "--p99-us", "5000", "--by-hand", "--deadline", "900",
                "--remove", "org.old"), 0, "d-3 is staged\n", "See how it goes: pantograph deploy show d-3\n");
        assertEquals("POST /deployments {\"bundles\":{\"org.example\":{\"version\":\"1.1.0\",\"sha256\":\"" + jar.sha256() + "\"},\"org.old\":null},\"trial\":{\"shadow\":100,"
                + "\"canary\":{\"devices\":[\"meter/m-1\"],\"types\":[\"pump\"],\"percent\":10,\"calls\":50},\"calls\":20,\"errors\":0.01,\"differences\":1.0,"
                + "\"p99-us\":5000,\"promote\":\"hand\"},\"deadline-s\":900}", gateway.asked.get(1));
    }

    @Test
    void severalAreOneRelease() throws Exception {
        Jar one = jar("a.jar", "org.a");
        Jar other = jar("b.jar", "org.b");
        taking(one);
        taking(other).answer(202, deployment("proven", ""));
        Run run = gateway.run("deploy", "add", one.file().toString(), other.file().toString(), "--json");
        assertEquals(0, run.code());
        assertEquals(deployment("proven", "").replace('\'', '"') + "\n", run.out());
        assertEquals("", run.err());
        assertTrue(gateway.asked.get(2).contains("\"org.a\":") && gateway.asked.get(2).contains("\"org.b\":"), gateway.asked.get(2));
        taking(one).answer(200, "{'sha256':'" + one.sha256() + "'}");
        assertEquals("two of these jars are bundle 'org.a'; name one\n", gateway.run("deploy", "add", one.file().toString(), one.file().toString()).err());
    }

    @Test
    void aGatewayThatStopsMeanwhileIsSaid() throws Exception {
        Jar jar = jar("a.jar", "org.example");
        taking(jar).answer(202, staged()).answer(503, "{'error':'it stops'}");
        is(gateway.run("deploy", "add", jar.file().toString()), 3, "", "d-3  org.example 1.1.0  staged\n"
                + "it stops (d-3 was begun; see how it goes with: pantograph deploy show d-3)\n");
    }

    @Test
    void whatIsNoBundleIsNotSent() throws Exception {
        jar("plain.jar", null);
        Files.writeString(folder.resolve("text.jar"), "x");
        for (String[] row : new String[][] {{"plain.jar", "is no bundle: its manifest has no Bundle-SymbolicName"}, {"text.jar", "cannot be read as a jar"},
            {"none.jar", "is no file; name a jar"}}) {
            Run run = gateway.run("deploy", "add", folder.resolve(row[0]).toString());
            assertTrue(run.err().contains(row[1]), run.err());
            assertEquals(2, run.code());
        }
        assertEquals(2, gateway.run("deploy", "add").code());
        assertEquals(0, gateway.asked.size());
    }

    // --- the others

    @Test
    void planSaysWhatItWouldDo() throws Exception {
        Jar jar = jar("a.jar", "org.example");
        taking(jar).answer(200, "{'adds':['org.example 1.1.0'],'replaces':[],'removes':[],'restarts':[],'devices':['all devices that speak \\u0022custom\\u0022'],'refusals':[]}");
        is(gateway.run("deploy", "plan", jar.file().toString()), 0, "adds     org.example 1.1.0\ndevices  all devices that speak \"custom\"\n", "");
        assertTrue(gateway.asked.get(1).startsWith("POST /plan {\"bundles\":"), gateway.asked.get(1));
        gateway.answer(200, "{'adds':[],'replaces':[],'removes':[],'restarts':[],'devices':[],'refusals':['others need org.example; take them out too']}");
        is(gateway.run("deploy", "plan", "--remove", "org.example"), 1, "refused  others need org.example; take them out too\n", "");
    }

    @Test
    void listAndShow() {
        String bundle = "{'name':'org.example','version':'1.1.0','sha256':'ab','state':'proven','deployment':'d-3','door':'rest','last-good':'1.0.0'," + EVIDENCE + "}";
        gateway.answer(200, "{'bundles':[" + bundle + "]}");
        is(gateway.run("deploy", "list"), 0, """
                BUNDLE       VERSION  STATE   CALLS    FAILED  DIFFERENT  P99     BEFORE  DEPLOYMENT
                org.example  1.1.0    proven  7 of 20  1       1 of 5     1.0 ms  1.0.0   d-3 (rest)
                """, "1 bundle\n");
        gateway.answer(200, "{'deployments':[" + deployment("proven", "") + "]}");
        is(gateway.run("deploy", "list", "--deployments"), 0, """
                DEPLOYMENT  STATE   BEGUN                 BY    BUNDLES            REASON
                d-3         proven  2026-01-01T00:00:00Z  rest  org.example 1.1.0
                """, "1 deployment\n");
        gateway.answer(200, deployment("probation", ""));
        Run shown = gateway.run("deploy", "show", "d-3");
        assertTrue(shown.out().startsWith("d-3 is probation\n") && shown.out().contains("$.x") && shown.out().contains("asked for by rest"), shown.out());
        gateway.answer(404, "{'error':'none'}").answer(200, bundle).answer(200, "{'deployments':[" + deployment("proven", "") + "]}").answer(200, deployment("proven", ""));
        Run named = gateway.run("deploy", "show", "org.example");
        assertTrue(named.out().startsWith("org.example 1.1.0 is proven\n") && named.out().contains("asked for by rest"), named.out());
        gateway.answer(404, "{'error':'none'}").answer(404, "{'error':'none'}").answer(200, "{'deployments':[]}");
        is(gateway.run("deploy", "show", "org.none"), 1, "", "there is no deployment and no deployed bundle 'org.none'; list them with: pantograph deploy list\n");
    }

    @Test
    void promoteRollbackRemove() {
        gateway.answer(200, deployment("proven", "")).answer(409, "{'error':'d-3 is proven, not on trial'}")
                .answer(200, deployment("rolled back", ",'reason':'it smells'")).answer(202, deployment("removed", ""));
        assertEquals("d-3 is proven", gateway.run("deploy", "promote", "d-3").out().lines().findFirst().orElse(""));
        is(gateway.run("deploy", "promote", "d-3"), 1, "", "d-3 is proven, not on trial\n");
        assertEquals("d-3 is rolled back: it smells", gateway.run("deploy", "rollback", "org.example", "--why", "it smells").out().lines().findFirst().orElse(""));
        assertEquals(0, gateway.run("deploy", "remove", "org.example").code());
        assertEquals("[POST /deployments/d-3/promote, POST /deployments/d-3/promote, POST /deployments/org.example/rollback {\"why\":\"it smells\"}, "
                + "DELETE /bundles/org.example]", gateway.asked.toString());
    }

    @Test
    void codecsAndParked() {
        gateway.answer(200, "{'codecs':[{'format':'custom','bundle':'org.example','version':'1.1.0','place':'serving','calls':9,'errors':0,'strikes':0,'stuck-threads':0,'reason':''}]}");
        is(gateway.run("deploy", "codecs"), 0, """
                FORMAT  BUNDLE       VERSION  PLACE    CALLS  FAILED  STRIKES  STUCK  REASON
                custom  org.example  1.1.0    serving  9      0       0        0
                """, "");
        gateway.answer(200, "{'count':3,'decoded':2,'dropped':1,'parked':[{'device':'meter/m-1','direction':'in','subject':'go','format':'x','bytes':7,"
                + "'since':'2026-01-01T00:00:00Z','reason':'no codec'}]}");
        is(gateway.run("deploy", "parked", "--most", "1"), 0, """
                SINCE                 DEVICE         SUBJECT  FORMAT  BYTES  REASON
                2026-01-01T00:00:00Z  meter/m-1  <-  go       x       7      no codec
                """, "3 wait for a codec; 2 were decoded later, 1 dropped\n");
        is(gateway.run("deploy", "parked", "--most", "1001"), 2, "", "--most 1001 must be of 0 to 1000\n");
    }

    @Test
    void whatWaitsForTheHub() {
        String waiting = "{'count':9,'waiting':[{'device':'meter/m-1','format':'x','bundle':'org.example','version':'1.1.0','sha256':'" + "ab".repeat(32)
                + "','count':7,'bytes':91,'oldest':'2026-01-01T00:00:00Z','newest':'2026-01-01T00:00:09Z'}]}";
        gateway.answer(200, waiting).answer(200, waiting);
        is(gateway.run("deploy", "waiting", "--most", "1"), 0, """
                OLDEST                NEWEST                DEVICE     FORMAT  BUNDLE       VERSION  SHA256        EVENTS  BYTES
                2026-01-01T00:00:00Z  2026-01-01T00:00:09Z  meter/m-1  x       org.example  1.1.0    abababababab  7       91
                """, "9 events wait for the hub\n");
        is(gateway.run("deploy", "waiting", "--json"), 0, waiting.replace('\'', '"') + '\n', "");
        is(gateway.run("deploy", "waiting", "--most", "-1"), 2, "", "--most -1 must be of 0 to 1000\n");
        assertEquals("[GET /waiting?most=1, GET /waiting?most=100]", gateway.asked.toString());
    }

    // --- which gateway

    @Test
    void aGatewayThatDoesNotRunIsSaid() throws Exception {
        Path other = folder.resolve("other");
        Run run = gateway.run("deploy", "list", "--timeout", "5", "--json");
        assertEquals(1, run.code(), "a fake that says 500");
        gateway.close();
        Run stopped = gateway.run("deploy", "list");
        assertEquals(3, stopped.code());
        assertTrue(stopped.err().startsWith("no gateway answers at http://127.0.0.1:"), stopped.err());
        Files.createDirectories(other);
        Files.delete(gateway.home.resolve("gateway/rest.properties"));
        Run none = gateway.run("deploy", "list");
        assertEquals(3, none.code());
        assertTrue(none.err().startsWith("no gateway runs on the data folder " + gateway.home + "; start one with java -jar pantograph-gateway.jar"), none.err());
    }

    // Left behind by one that was killed, and then somebody else got its port.
    @Test
    void aStrangerOnThePortIsSaid() throws Exception {
        gateway.tell(Files.readString(gateway.home.resolve("gateway/rest.properties")).replace(FakeGateway.TOKEN, "old"));
        Run run = gateway.run("deploy", "list");
        assertEquals(3, run.code());
        assertTrue(run.err().contains("is not the gateway of"), run.err());
    }

    // The token is for nobody else.
    @ParameterizedTest
    @CsvSource({"url=http://evil.example:80", "url=http://127.0.0.1.evil.example:80", "token=x", "''"})
    void aFileThatWasTamperedWithIsNotFollowed(String text) throws Exception {
        gateway.tell(text + "\ntoken=x\n");
        Run run = gateway.run("deploy", "list");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("tells no url and token of a gateway"), run.err());
    }

    // --- through the hub

    private static String method(int status, String payload) {
        return ("{'status':" + status + ",'payload':" + payload + '}').replace('\'', '"');
    }

    @Test
    void throughTheHubTheJarGoesThereAndTheMethodIsCalled() throws Exception {
        Jar jar = jar("a.jar", "org.example");
        try (FakeHub hub = new FakeHub(folder.resolve("hub"))) {
            hub.answer(201, "{\"sha256\":\"" + jar.sha256() + "\",\"length\":1}").answer(200, method(200, staged()));
            is(hub.run("deploy", "add", jar.file().toString(), "--device", "g-1", "--no-wait"), 0, "d-3 is staged\n", "See how it goes: pantograph deploy show d-3 --device g-1\n");
            assertEquals("PUT /artifacts/" + jar.sha256(), hub.line(0));
            assertEquals("POST /twins/g-1/methods", hub.line(1));
            String body = hub.asked.get(1).body();
            assertTrue(body.contains("\"methodName\":\"deploy\"") && body.contains("\"payload\":{\"add\":{\"bundles\":{\"org.example\":{\"version\":\"1.1.0\",\"url\":\"https://127.0.0.1:")
                    && body.contains("/artifacts/" + jar.sha256() + "\",\"sha256\":\"" + jar.sha256() + "\"}}}}"), body);

            hub.answer(201, "{}").answer(200, method(409, "{'id':'d-4','state':'refused','reason':'it exports a package','bundles':[]}"));
            is(hub.run("deploy", "add", jar.file().toString(), "--device", "g-1"), 1, "", "d-4 is refused: it exports a package\n");
        }
    }

    @Test
    void throughTheHubTheOthersAreTheSame() throws Exception {
        try (FakeHub hub = new FakeHub(folder.resolve("hub"))) {
            hub.answer(200, method(200, "{'bundles':[],'deployments':[" + staged() + "]}")).answer(200, method(200, "{'deployments':[" + staged() + "]}"))
                    .answer(200, method(404, "{'message':'there is no bundle x'}")).answer(200, method(409, "{'refusals':['no']}")).answer(200, method(404, "null"));
            is(hub.run("deploy", "list", "--device", "g-1"), 0, "BUNDLE  VERSION  STATE  CALLS  FAILED  DIFFERENT  P99  BEFORE  DEPLOYMENT\n", "0 bundles\n");
            assertTrue(hub.asked.get(0).body().endsWith("\"payload\":{\"list\":{}}}"), hub.asked.get(0).body());
            assertTrue(hub.run("deploy", "show", "org.example", "--device", "g-1").out().contains("d-3         staged"));
            assertTrue(hub.asked.get(1).body().endsWith("\"payload\":{\"show\":{\"what\":\"org.example\"}}}"), hub.asked.get(1).body());
            is(hub.run("deploy", "rollback", "x", "--why", "it smells", "--device", "g-1"), 1, "", "there is no bundle x\n");
            assertTrue(hub.asked.get(2).body().endsWith("\"payload\":{\"rollback\":{\"what\":\"x\",\"why\":\"it smells\"}}}"), hub.asked.get(2).body());
            is(hub.run("deploy", "plan", "--remove", "org.example", "--device", "g-1"), 1, "refused  no\n", "");
            is(hub.run("deploy", "remove", "x", "--device", "g-1"), 1, "",
                    "device 'g-1' answered the method deploy with 404; is it named in its gateway's setting pantograph.gateway.devices?\n");
            assertEquals(2, hub.run("deploy", "codecs", "--device", "g-1").code());
            assertEquals(2, hub.run("deploy", "waiting", "--device", "g-1").code());
        }
    }
}
