package io.pantograph.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Backlog;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.CodecStatus;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Parking;
import io.pantograph.api.operator.Pending;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.State;
import io.pantograph.gateway.rest.Caller.Reply;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.PlainDeployments;
import io.pantograph.testkit.PlainSettings;
import java.io.ByteArrayInputStream;
import java.net.ServerSocket;
import java.net.InetAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API as a program of this machine meets it. */
class RestTest {

    private static final String SHA = "ab".repeat(32);
    private static final String RELEASE = "{'bundles': {'org.example.codec': {'version': '1.1.0', 'sha256': '" + SHA + "'}}, 'trial': {'calls': 20}}";
    private static final Evidence SOME = new Evidence(3, 2, 7, 20, 1, 1, Duration.ofNanos(2_500), Duration.ofMillis(1), 5, 1, List.of());

    @TempDir
    Path home;
    private final PlainDeployments deployments = new PlainDeployments();
    private Rest rest;
    private Caller caller;

    @BeforeEach
    void open() throws Exception {
        rest = new Rest(new PlainSettings(home), deployments, 0);
        deployments.listeners.add(rest);
        Await.until("it listens", () -> Files.exists(home.resolve("gateway/rest.properties")));
        caller = new Caller(home);
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private Deployed deployed() {
        return new Deployed("org.example.codec", "1.0.0", SHA, State.PROVEN, "d-1", "drop", Optional.of("0.9.0"), SOME, "");
    }

    private static String error(Reply reply) {
        return ((Values) Caller.json(reply.body())).text("error");
    }

    // --- the door

    @Test
    void theFileIsTheOwnersAndGoesWithTheApi() throws Exception {
        Path file = home.resolve("gateway/rest.properties");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("127.0.0.1", caller.url().getHost());
        assertTrue(caller.token().length() >= 43, "too short to be safe from guessing");
        rest.close();
        assertFalse(Files.exists(file));
    }

    @Test
    void theTokenIsNewAtEachStart() throws Exception {
        String before = caller.token();
        rest.close();
        open();
        assertNotEquals(before, caller.token());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Authorization: Bearer x", "Authorization: Basic TOKEN", "X-None: 1", "Authorization: Bearer TOKEN2", "Authorization: bearer"})
    void whoDoesNotKnowTheTokenIsTurnedAway(String header) throws Exception {
        String answer = caller.raw("GET /deployments HTTP/1.1", "Host: 127.0.0.1:" + caller.url().getPort(), header.replace("TOKEN", caller.token()));
        assertTrue(answer.startsWith("HTTP/1.1 401 ") && answer.contains("Www-authenticate: Bearer"), answer);
        assertTrue(answer.contains("\"error\":") && !answer.contains(caller.token()), answer);
        assertEquals(List.of(), deployments.asked);
    }

    // A web page whose name its owner has led to 127.0.0.1 would be asked with that name.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Host: evil.example", "Host: evil.example:PORT", "Host: 127.0.0.1.evil.example", "X-None: 1", "Host: 127.0.0.1@evil.example"})
    void whoNamesAnotherHostIsTurnedAway(String header) throws Exception {
        String answer = caller.raw("GET /deployments HTTP/1.1", header.replace("PORT", "" + caller.url().getPort()), "Authorization: Bearer " + caller.token());
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("the header Host must be 127.0.0.1"), answer);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:1"})
    void whoNamesThisMachineComesIn(String host) throws Exception {
        String answer = caller.raw("GET /deployments HTTP/1.1", "Host: " + host, "Authorization: Bearer " + caller.token());
        assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("{\"deployments\":[]}"), answer);
        assertTrue(answer.contains("Content-type: application/json") && answer.contains("Cache-control: no-store"), answer);
    }

    @Test
    void aPortThatIsTakenEndsTheBox() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            PlainSettings settings = new PlainSettings(home.resolve("other")).with(Rest.PORT, Integer.toString(taken.getLocalPort()));
            Rest other = new Rest(settings, deployments, 0);
            assertEquals("pantograph.gateway.rest.port=" + taken.getLocalPort() + " is in use by another program; choose another port, or 0 for any free one",
                    Await.result(settings.failed()).getMessage());
            other.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "POST /codecs|GET, HEAD", "DELETE /deployments|GET, HEAD, POST", "PUT /bundles/x|GET, HEAD, DELETE", "GET /artifacts|PUT", "GET /plan|POST",
            "OPTIONS /parked|GET, HEAD", "POST /waiting|GET, HEAD", "GET /deployments/d-1/promote|POST"})
    void aMethodThatIsNotForThePathIsTold(String line, String allowed) throws Exception {
        String[] parts = line.split(" ");
        Reply reply = caller.ask(parts[0], parts[1]);
        assertEquals(405, reply.status());
        assertEquals(allowed, reply.header("Allow"));
        assertEquals(parts[0] + " is not for this path; it takes " + allowed, error(reply));
    }

    @Test
    void headIsGetWithoutTheBody() throws Exception {
        String get = caller.raw("GET /bundles HTTP/1.1", "Host: localhost", "Authorization: Bearer " + caller.token());
        String head = caller.raw("HEAD /bundles HTTP/1.1", "Host: localhost", "Authorization: Bearer " + caller.token());
        assertTrue(get.endsWith("\r\n\r\n{\"bundles\":[]}"), get);
        assertTrue(head.startsWith("HTTP/1.1 200 ") && head.contains("Content-length: 14") && head.endsWith("\r\n\r\n"), head);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "GET /|404|there is nothing at '/'", "GET /deployments/|404|there is nothing at", "GET /deployments/d-9|404|there is no deployment 'd-9'",
            "GET /deployments/..%2f|404|there is nothing at", "GET /bundles/org.none|404|no deployment brought a bundle 'org.none'",
            "DELETE /bundles/org.none|404|no deployment brought a bundle 'org.none'", "POST /deployments/none/promote|404|there is no deployment and no deployed bundle 'none'",
            "POST /deployments/none/rollback|404|there is no deployment and no deployed bundle 'none'", "GET /deployments?page=2|400|'page' is not known in the query",
            "GET /deployments/d-9?wait=61|400|'wait' must be a number of 0 to 60, it is '61'", "GET /parked?most=-1|400|'most' must be a number", "GET /waiting?most=1001|400|'most' must be a number of 0 to 1000",
            "GET /codecs|503|the room that knows the codecs is not here", "POST /deployments|400|'bundles' must be an object, it is missing"})
    void whatIsWrongIsOneSentence(String line, int status, String sentence) throws Exception {
        Reply reply = caller.ask(line.split(" ")[0], line.split(" ")[1]);
        assertTrue(error(reply).contains(sentence), reply.body());
        assertEquals(status, reply.status());
        assertEquals(List.of(), deployments.asked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "[]|the body must be a JSON object", "{|the body must be JSON", "{'bundles': {}}|a release names at least one bundle",
            "{'bundles': {'a b': null}}|'a b' is no Bundle-SymbolicName", "{'bundels': {}}|'bundels' is not known in a release",
            "{'bundles': {'a': {'sha256': 'x'}}}|'sha256' of 'a' must be 64 characters", "{'bundles': {'a': null}, 'trial': {'errors': 2}}|'errors' is a share"})
    void aReleaseThatIsWrongIsTold(String document, String sentence) throws Exception {
        for (String path : List.of("/deployments", "/deployments?plan", "/plan")) {
            Reply reply = caller.ask("POST", path, document);
            assertTrue(error(reply).contains(sentence), reply.body());
            assertEquals(400, reply.status());
        }
        assertEquals(List.of(), deployments.asked);
    }

    // --- artifacts

    @Test
    void aJarIsTakenByItsHash() throws Exception {
        Reply reply = caller.ask("PUT", "/artifacts", "jar");
        assertEquals("{\"sha256\":\"" + deployments.take(new ByteArrayInputStream("jar".getBytes())) + "\"}", reply.body());
        assertEquals(200, reply.status());
        Reply empty = caller.ask("PUT", "/artifacts");
        assertEquals(409, empty.status());
        assertEquals("the jar is empty; send a whole one", error(empty));
    }

    @Test
    void aJarThatIsTooLargeIsRefusedHoweverItComes() throws Exception {
        String announced = caller.begun("PUT /artifacts HTTP/1.1", "Host: localhost", "Authorization: Bearer " + caller.token(), "Content-Length: " + (Body.MOST_JAR + 1));
        assertTrue(announced.startsWith("HTTP/1.1 413 ") && announced.contains("a jar may have 33554432 bytes, this one has more"), announced);
        byte[] piece = new byte[1 << 20];
        Reply dripped = caller.ask("PUT", "/artifacts", BodyPublishers.ofInputStream(() -> new java.io.SequenceInputStream(java.util.Collections.enumeration(
                java.util.Collections.nCopies(33, 0).stream().map(one -> new ByteArrayInputStream(piece)).toList()))));
        assertEquals(413, dripped.status());
        assertEquals(List.of(), deployments.asked.stream().filter(one -> one.startsWith("take")).toList());
    }

    @Test
    void aDocumentThatIsTooLargeIsRefused() throws Exception {
        Reply reply = caller.ask("POST", "/deployments", " ".repeat(262_145));
        assertEquals(413, reply.status());
        assertEquals("a document may have 262144 bytes, this one has more", error(reply));
    }

    // --- deployments

    @Test
    void aReleaseIsPlanned() throws Exception {
        deployments.planning(new Plan(List.of("org.example.codec 1.1.0"), List.of(), List.of(), List.of(), List.of(), List.of("the bundle exports a package; remove Export-Package")));
        String plan = "{\"adds\":[\"org.example.codec 1.1.0\"],\"replaces\":[],\"removes\":[],\"restarts\":[],\"devices\":[],"
                + "\"refusals\":[\"the bundle exports a package; remove Export-Package\"]}";
        assertEquals(plan, caller.ask("POST", "/deployments?plan", RELEASE).body());
        assertEquals(plan, caller.ask("POST", "/plan", RELEASE).body());
        assertEquals(List.of("plan rest", "plan rest"), deployments.asked);
    }

    @Test
    void aReleaseIsDeployedAndShown() throws Exception {
        Reply reply = caller.ask("POST", "/deployments", RELEASE);
        assertEquals(202, reply.status());
        assertEquals("/deployments/d-1", reply.header("Location"));
        assertEquals(20, deployments.releases.get(0).trial().calls().getAsLong());
        assertEquals(new Change.Jar.Kept(SHA), ((Change.Install) deployments.releases.get(0).changes().get(0)).jar());
        deployments.now("d-1", State.PROBATION, SOME, "serves, the one before stands by");
        Values shown = (Values) Caller.json(caller.ask("GET", "/deployments/d-1").body());
        assertEquals("probation", shown.text("state"));
        assertEquals(2, shown.list("history").size());
        assertEquals(7, ((Values) shown.list("bundles").get(0)).values("evidence").integer("calls"));
        Values listed = (Values) ((Values) Caller.json(caller.ask("GET", "/deployments").body())).list("deployments").get(0);
        assertEquals("d-1", listed.text("id"));
        assertFalse(listed.containsKey("history"));
    }

    @Test
    void aDeploymentIsPromotedOrTakenBack() throws Exception {
        caller.ask("POST", "/deployments", RELEASE);
        Reply early = caller.ask("POST", "/deployments/d-1/promote");
        assertEquals(409, early.status());
        assertEquals("d-1 is staged, not on trial; nothing is to be promoted", error(early));
        deployments.now("d-1", State.PROBATION, SOME, "serves");
        assertEquals("proven", ((Values) Caller.json(caller.ask("POST", "/deployments/org.example.codec/promote").body())).text("state"));
        Reply back = caller.ask("POST", "/deployments/d-1/rollback", "{'why': 'it smells'}");
        assertEquals("it smells", ((Values) Caller.json(back.body())).text("reason"));
        assertTrue(deployments.asked.contains("rollback d-1 by rest: it smells"), deployments.asked.toString());
        caller.ask("POST", "/deployments/d-1/rollback");
        assertTrue(deployments.asked.contains("rollback d-1 by rest: asked for"), deployments.asked.toString());
        assertEquals(400, caller.ask("POST", "/deployments/d-1/rollback", "{'reason': 'x'}").status());
    }

    @Test
    void bundlesAreListedAndTakenOut() throws Exception {
        deployments.here.add(deployed());
        Values one = (Values) ((Values) Caller.json(caller.ask("GET", "/bundles").body())).list("bundles").get(0);
        assertEquals("proven", one.text("state"));
        assertEquals(Caller.json(caller.ask("GET", "/bundles/org.example.codec").body()), one);
        Reply reply = caller.ask("DELETE", "/bundles/org.example.codec");
        assertEquals(202, reply.status());
        assertEquals(List.of(new Change.Remove("org.example.codec")), deployments.releases.get(0).changes());
    }

    // --- progress

    @Test
    void whoWaitsHearsOfTheNextState() throws Exception {
        caller.ask("POST", "/deployments", RELEASE);
        CompletableFuture<Reply> other = caller.later("GET", "/deployments/d-1?wait=50&seen=probation", BodyPublishers.noBody());
        assertEquals("staged", ((Values) Caller.json(other.get().body())).text("state"), "it had moved before he asked");
        CompletableFuture<Reply> waits = caller.later("GET", "/deployments/d-1?wait=50&seen=staged", BodyPublishers.noBody());
        // Whether he has begun to wait or not, he must hear of it.
        deployments.now("d-1", State.VERIFIED, SOME, "good");
        assertEquals("verified", ((Values) Caller.json(Await.result(waits).body())).text("state"));
        deployments.now("d-1", State.ROLLED_BACK, SOME, "bad");
        Reply end = caller.ask("GET", "/deployments/d-1?wait=50&seen=rolled%20back");
        assertEquals("rolled back", ((Values) Caller.json(end.body())).text("state"), "after the end there is nothing to wait for");
    }

    @Test
    void whoWaitsInVainHearsHowItIs() throws Exception {
        caller.ask("POST", "/deployments", RELEASE);
        deployments.now("d-1", State.PROBATION, SOME, "serves");
        assertEquals("probation", ((Values) Caller.json(caller.ask("GET", "/deployments/d-1?wait=1&seen=probation").body())).text("state"));
        assertEquals(404, caller.ask("GET", "/deployments/d-2?wait=50&seen=probation").status());
    }

    // More wait than there are threads, and others are answered meanwhile.
    @Test
    void whoWaitsHoldsNobodyUp() throws Exception {
        caller.ask("POST", "/deployments", RELEASE);
        List<CompletableFuture<Reply>> many = java.util.stream.IntStream.range(0, 12)
                .mapToObj(one -> caller.later("GET", "/deployments/d-1?wait=50&seen=staged", BodyPublishers.noBody())).toList();
        for (int i = 0; i < 5; i++) {
            assertEquals(200, caller.ask("GET", "/bundles").status());
        }
        deployments.now("d-1", State.VERIFIED, SOME, "good");
        for (CompletableFuture<Reply> one : many) {
            assertEquals("verified", ((Values) Caller.json(Await.result(one).body())).text("state"));
        }
    }

    // --- codecs and what waits for them

    @Test
    void codecsAreListed() throws Exception {
        CodecBoard board = () -> List.of(new CodecStatus("custom", "org.example.codec", "1.0.0", SHA, "serving", 9, 1, 0, 0, ""));
        rest.addBoard(board);
        assertEquals("{\"codecs\":[{\"format\":\"custom\",\"bundle\":\"org.example.codec\",\"version\":\"1.0.0\",\"sha256\":\"" + SHA
                + "\",\"place\":\"serving\",\"calls\":9,\"errors\":1,\"strikes\":0,\"stuck-threads\":0,\"reason\":\"\"}]}", caller.ask("GET", "/codecs").body());
        rest.removeBoard(board);
        assertEquals(503, caller.ask("GET", "/codecs").status());
    }

    private record Lot(List<Parked> all) implements Parking {

        @Override
        public List<Parked> parked(int most) {
            return all.subList(0, Math.min(most, all.size()));
        }

        @Override
        public int count() {
            return all.size();
        }

        @Override
        public long decoded() {
            return 10;
        }

        @Override
        public long dropped() {
            return 1;
        }
    }

    private static Parked parked(String device, boolean outbound, int second) {
        return new Parked(new DeviceId("meter", device), outbound, "reading", "custom", 7, Instant.ofEpochSecond(second), "no codec for 'custom'");
    }

    @Test
    void whatIsParkedIsListedOldestFirst() throws Exception {
        rest.addParking(new Lot(List.of(parked("m-1", true, 1), parked("m-1", true, 3))));
        rest.addParking(new Lot(List.of(parked("m-2", false, 2))));
        Values all = (Values) Caller.json(caller.ask("GET", "/parked").body());
        assertEquals(List.of(3L, 20L, 2L), List.of(all.integer("count"), all.integer("decoded"), all.integer("dropped")));
        assertEquals(List.of("meter/m-1 out", "meter/m-2 in", "meter/m-1 out"),
                all.list("parked").stream().map(one -> ((Values) one).text("device") + ' ' + ((Values) one).text("direction")).toList());
        Values two = (Values) Caller.json(caller.ask("GET", "/parked?most=2").body());
        assertEquals(2, two.list("parked").size());
        assertEquals(3, two.integer("count"));
    }

    private record Queues(int count, List<Pending> all) implements Backlog {

        @Override
        public List<Pending> pending(int most) {
            return all.subList(0, Math.min(most, all.size()));
        }
    }

    private static Pending pending(String device, String version, int oldest) {
        return new Pending(new DeviceId("meter", device), "custom", new Provenance("org.example.codec", version, SHA), 2, 30,
                Instant.ofEpochSecond(oldest), Instant.ofEpochSecond(oldest + 5));
    }

    @Test
    void whatWaitsForTheHubIsToldWithItsCodec() throws Exception {
        assertEquals("{\"count\":0,\"waiting\":[]}", caller.ask("GET", "/waiting").body());
        Queues here = new Queues(4, List.of(pending("m-1", "1.0.0", 1), pending("m-1", "1.1.0", 3)));
        rest.addBacklog(here);
        rest.addBacklog(new Queues(2, List.of(pending("m-2", "1.1.0", 2))));
        Values all = (Values) Caller.json(caller.ask("GET", "/waiting").body());
        assertEquals(6, all.integer("count"));
        assertEquals(List.of("meter/m-1 1.0.0", "meter/m-2 1.1.0", "meter/m-1 1.1.0"),
                all.list("waiting").stream().map(one -> ((Values) one).text("device") + ' ' + ((Values) one).text("version")).toList());
        assertEquals("{\"count\":6,\"waiting\":[{\"device\":\"meter/m-1\",\"format\":\"custom\",\"bundle\":\"org.example.codec\",\"version\":\"1.0.0\",\"sha256\":\""
                + SHA + "\",\"count\":2,\"bytes\":30,\"oldest\":\"1970-01-01T00:00:01Z\",\"newest\":\"1970-01-01T00:00:06Z\"}]}",
                caller.ask("GET", "/waiting?most=1").body());
        rest.removeBacklog(here);
        assertEquals(2, ((Values) Caller.json(caller.ask("GET", "/waiting").body())).integer("count"));
    }
}
