package io.pantograph.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.State;
import io.pantograph.api.wire.Frame;
import io.pantograph.dialect.watson.WatsonDialect;
import io.pantograph.json.JsonReader;
import io.pantograph.testkit.ManualClock;
import io.pantograph.testkit.PretendDeployments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A managed device and its platform, with the words of the real protocol. */
class ManagedTest {

    private static final String SHA = "ab".repeat(32);
    private static final String ALL = "'url':'https://h/artifacts/x','sha256':'" + SHA + "'";

    @TempDir
    Path home;

    private final ManualClock clock = new ManualClock();
    private PretendDeployments deployments = new PretendDeployments();
    private final Set<String> restarts = new HashSet<>();
    private final List<String> restarted = new ArrayList<>();
    private CommandResult restartAnswer = CommandResult.ok();
    private final Deque<String> sent = new ArrayDeque<>();
    private final Profile profile = new WatsonDialect().profile(Map.of("org", "edge01", "type", "gw", "id", "g-1", "auth-token", "secret"),
            new Defaults(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty()));
    private Duration lifetime = Duration.ZERO;
    private Executor worker = Runnable::run;
    private Managed managed;

    @BeforeEach
    void start() {
        managed = new Managed(profile.device(), new Managed.House(deployments, JsonCodec.codecs().route("json"), new Restarts() {
            @Override
            public boolean has(DeviceId device, String command) {
                return restarts.contains(command);
            }

            @Override
            public CompletionStage<CommandResult> run(DeviceId device, String command, String id) {
                restarted.add(command);
                return CompletableFuture.completedFuture(restartAnswer);
            }
        }, clock.scheduler(), task -> worker.execute(task), clock, new Notes(home), lifetime, "0.1.0"));
        managed.begin();
        settle();
        Managed now = managed;
        deployments.listener(deployment -> {
            if (now == managed) { // else it is the one of before the restart
                now.changed(deployment);
            }
        });
    }

    private void kill() {
        managed.disconnected();
        settle();
        managed = null;
    }

    private void restart() {
        kill();
        start();
    }

    private void settle() {
        clock.advance(Duration.ZERO);
    }

    private CompletionStage<Void> send(Frame frame) {
        sent.add(frame.topic() + ' ' + frame.payload().text().replace('"', '\''));
        return CompletableFuture.completedFuture(null);
    }

    /** Connects, and the platform takes the device on. */
    private String connect() {
        managed.connected(profile.management().orElseThrow(), this::send);
        settle();
        String first = sent.remove();
        says("response", "{'rc':200,'reqId':'" + first.replaceAll(".*'reqId':'([^']*)'.*", "$1") + "'}");
        return first;
    }

    private void says(String topic, String body) {
        managed.asked((Inbound.Managed) profile.read("iotdm-1/" + topic, Bytes.utf8(body.replace('\'', '"'))));
        settle();
    }

    /** The answer to a request with these fields. */
    private String asks(String topic, String body) {
        says(topic, body);
        return sent.poll();
    }

    private static String answer(int status) {
        return "iotdevice-1/response {'rc':" + status + ",'reqId':'r'}";
    }

    private static String answer(int status, String message) {
        return "iotdevice-1/response {'rc':" + status + ",'message':'" + message + "','reqId':'r'}";
    }

    private String acts(String action, String parameters) {
        StringBuilder fields = new StringBuilder();
        for (String one : parameters.split(",")) {
            String[] parts = one.split(":", 2);
            fields.append(fields.isEmpty() ? "" : ",").append("{'field':").append(parts[0]).append(",'value':").append(parts[1]).append('}');
        }
        return asks("mgmt/custom/osgi-actions-v1/" + action, "{'d':{'fields':[" + fields + "]},'reqId':'r'}");
    }

    // --- being managed

    @Test
    void saysWhatItCanBeforeAllElse() {
        assertTrue(connect().matches("iotdevice-1/mgmt/manage \\{'d':\\{'supports':\\{'deviceActions':false,'firmwareActions':true,"
                + "'osgi-actions-v1':true\\},'deviceInfo':\\{'fwVersion':'0.1.0'\\}\\},'reqId':'[^']*'\\}"));
        managed.disconnected();
        settle();
        restarts.add("reboot");
        assertTrue(connect().contains("'deviceActions':true"), "after every connect, as it is then");
    }

    @Test
    void saysSoAgainBeforeItsLifetimeIsOver() {
        lifetime = Duration.ofHours(2);
        start();
        assertTrue(connect().contains("{'d':{'lifetime':7200,"));
        clock.advance(Duration.ofHours(1));
        assertTrue(sent.remove().startsWith("iotdevice-1/mgmt/manage "));
        managed.disconnected();
        clock.advance(Duration.ofHours(3));
        assertNull(sent.poll(), "not without a connection");
    }

    // --- every request of the protocol

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mgmt/initiate/device/reboot                | {'reqId':'r'}                                                         | 501
            mgmt/initiate/device/factory_reset         | {'reqId':'r'}                                                         | 501
            device/update                              | {'d':{'fields':[{'field':'metadata','value':{'a':1}}]},'reqId':'r'}   | 204
            device/update                              | {'d':{'fields':[{'field':'deviceInfo','value':{}}]},'reqId':'r'}      | 204
            device/update                              | {'d':{'fields':[{'field':'mgmt.firmware','value':{}}]},'reqId':'r'}   | 204
            device/update                              | {'d':{'fields':[{'field':'colour','value':1}]},'reqId':'r'}           | 404
            observe                                    | {'d':{'fields':[{'field':'mgmt.firmware'}]},'reqId':'r'}              | 200
            observe                                    | {'d':{'fields':[{'field':'colour'}]},'reqId':'r'}                     | 404
            cancel                                     | {'d':{'fields':[{'field':'mgmt.firmware'}]},'reqId':'r'}              | 200
            cancel                                     | {'d':{'fields':[{'field':'colour'}]},'reqId':'r'}                     | 404
            mgmt/initiate/firmware/download            | {'reqId':'r'}                                                         | 400
            mgmt/initiate/firmware/update              | {'reqId':'r'}                                                         | 400
            mgmt/custom/other-v1/install               | {'d':{'fields':[]},'reqId':'r'}                                       | 501
            mgmt/custom/osgi-actions-v1/dance          | {'d':{'fields':[]},'reqId':'r'}                                       | 501
            mgmt/custom/osgi-actions-v1/install        | {'d':{'fields':[]},'reqId':'r'}                                       | 500
            """)
    void answersEveryRequest(String topic, String body, int status) {
        connect();
        String answer = asks(topic, body);
        assertTrue(answer.startsWith("iotdevice-1/response {'rc':" + status + ","), answer);
        assertTrue(answer.endsWith("'reqId':'r'}"), answer);
        assertNull(sent.poll());
        assertTrue(deployments.releases().isEmpty());
    }

    @Test
    void withoutARequestIdThereIsNoAnswer() {
        connect();
        assertNull(asks("device/update", "{'d':{'fields':[{'field':'location','value':{'longitude':1,'latitude':2}}]}}"));
    }

    @ParameterizedTest
    @CsvSource({"'',", "nonsense", "[1]", "'{\"d\":{\"fields\":7},\"reqId\":\"r\"}'"})
    void nonsenseIsLeftAlone(String body) {
        connect();
        says("device/update", body == null ? "" : body);
        assertEquals(answer(501, "there is no handler for the command reboot here"), asks("mgmt/initiate/device/reboot", "{'reqId':'r'}"));
    }

    @Test
    void restartsWhereThereIsAHandler() {
        restarts.add("reboot");
        connect();
        assertEquals(answer(202), asks("mgmt/initiate/device/reboot", "{'reqId':'r'}"));
        assertEquals(List.of("reboot"), restarted);
        restartAnswer = CommandResult.failed(500, "stuck");
        assertEquals("iotdevice-1/response {'rc':500,'message':'the handler answered 500','reqId':'s'}", asks("mgmt/initiate/device/reboot", "{'reqId':'s'}"));
    }

    // --- actions

    @Test
    void installsAndAnswersWhenItIsKnownHowItWent() {
        connect();
        assertNull(acts("install", "'name':'org.example.codec','version':'1.1.0'," + ALL), "not known yet");
        Change.Install install = (Change.Install) deployments.releases().get(0).changes().get(0);
        assertEquals("watson", deployments.releases().get(0).door());
        assertEquals(Optional.of("org.example.codec"), install.name());
        assertEquals(Optional.of("1.1.0"), install.version());
        assertEquals("https://h/artifacts/x", ((Change.Jar.Remote) install.jar()).url().toString());
        deployments.become("d-1", State.VERIFIED, "");
        settle();
        assertNull(sent.poll());
        deployments.become("d-1", State.PROBATION, "");
        settle();
        assertEquals(answer(202, "d-1 probation"), sent.poll());
        deployments.become("d-1", State.PROVEN, "");
        settle();
        assertNull(sent.poll(), "once");
    }

    @ParameterizedTest
    @CsvSource({"PROVEN, 200, d-1 proven", "REMOVED, 200, d-1 removed", "SHADOW, 202, d-1 shadow", "REFUSED, 500, d-1 refused: it is so",
            "ROLLED_BACK, 500, d-1 rolled back: it is so"})
    void tellsHowAnActionEnded(State state, int status, String message) {
        connect();
        acts("update", ALL);
        assertEquals(Optional.empty(), ((Change.Install) deployments.releases().get(0).changes().get(0)).name(), "the jar tells it");
        deployments.become("d-1", state, status == 500 ? "it is so" : "");
        settle();
        assertEquals(answer(status, message), sent.poll());
    }

    @Test
    void doesNotLetAnApplicationWaitForEver() {
        connect();
        acts("install", ALL);
        clock.advance(Managed.PATIENCE);
        assertEquals(answer(202, "under way as d-1"), sent.poll());
    }

    @Test
    void whatIsRefusedAtOnceIsAnsweredAtOnce() {
        connect();
        deployments.refusing("it exports packages; export none");
        assertEquals(answer(500, "d-1 refused: it exports packages; export none"), acts("install", ALL));
    }

    @Test
    void takesOut() {
        connect();
        acts("uninstall", "'name':'org.example.codec'");
        assertEquals(List.of(new Change.Remove("org.example.codec")), deployments.releases().get(0).changes());
    }

    @Test
    void wrongParametersAreNamed() {
        connect();
        assertEquals(answer(500, "~sha256~ must be a text, it is missing".replace('~', '\'')), acts("install", "'url':'https://h/x'"));
        assertTrue(asks("mgmt/custom/osgi-actions-v1/install", "{'d':{'fields':[{'field':'path','value':'/x'}]},'reqId':'s'}")
                .contains("'path' is no parameter of install; it has name, sha256, url, version"));
        assertTrue(asks("mgmt/custom/osgi-actions-v1/uninstall", "{'d':{'fields':[{'field':'name','value':'../x'}]},'reqId':'t'}").contains("'rc':500"));
    }

    // The hub sends again what was not acknowledged in time.
    @Test
    void whatIsSaidTwiceIsDoneOnce() {
        connect();
        acts("install", ALL);
        assertNull(acts("install", ALL));
        deployments.become("d-1", State.PROVEN, "");
        settle();
        assertEquals(answer(200, "d-1 proven"), sent.poll());
        assertEquals(answer(200, "d-1 proven"), acts("install", ALL), "and answered again");
        assertEquals(1, deployments.releases().size());
    }

    // --- firmware

    private void tellsOfFirmware(String id) {
        assertEquals("iotdevice-1/response {'rc':204,'reqId':'" + id + "'}", asks("device/update", "{'d':{'fields':[{'field':'mgmt.firmware','value':{'version':'1.1.0',"
                + "'name':'org.example.codec','uri':'https://h/artifacts/x','verifier':'" + SHA + "','state':0,'updateStatus':0,'updatedDateTime':''}}]},'reqId':'" + id + "'}"));
    }

    private static String notice(String value) {
        return "iotdevice-1/notify {'d':{'fields':[{'field':'mgmt.firmware','value':" + value + "}]}}";
    }

    @Test
    void firmwareIsFetchedThenInstalledThenProven() {
        connect();
        tellsOfFirmware("1");
        assertEquals("iotdevice-1/response {'rc':200,'d':{'fields':[{'field':'mgmt.firmware','value':{'version':'1.1.0','name':'org.example.codec',"
                + "'uri':'https://h/artifacts/x','verifier':'" + SHA + "','state':0,'updateStatus':0}}]},'reqId':'2'}",
                asks("observe", "{'d':{'fields':[{'field':'mgmt.firmware'}]},'reqId':'2'}"));
        assertEquals(answer(202), asks("mgmt/initiate/firmware/download", "{'reqId':'r'}"));
        assertEquals(List.of(notice("{'state':1}"), notice("{'state':2}")), List.of(sent.remove(), sent.remove()));
        assertTrue(deployments.releases().isEmpty(), "nothing is touched by fetching");

        tellsOfFirmware("told again");
        assertEquals("iotdevice-1/response {'rc':202,'reqId':'3'}", asks("mgmt/initiate/firmware/update", "{'reqId':'3'}"));
        assertEquals(notice("{'updateStatus':1}"), sent.remove());
        Change.Install install = (Change.Install) deployments.releases().get(0).changes().get(0);
        assertEquals(Optional.of("org.example.codec"), install.name());
        assertEquals(SHA, ((Change.Jar.Remote) install.jar()).sha256());
        deployments.become("d-1", State.PROBATION, "");
        settle();
        assertNull(sent.poll());
        deployments.become("d-1", State.PROVEN, "");
        settle();
        assertEquals(notice("{'state':0,'updateStatus':0}"), sent.remove());
        assertEquals("iotdevice-1/response {'rc':200,'reqId':'4'}", asks("cancel", "{'d':{'fields':[{'field':'mgmt.firmware'}]},'reqId':'4'}"));
    }

    @Test
    void firmwareThatIsRefusedIsNotThere() {
        connect();
        deployments.refusing("the hash is another; upload it anew");
        tellsOfFirmware("1");
        asks("mgmt/initiate/firmware/download", "{'reqId':'r'}");
        assertEquals(notice("{'state':1}"), sent.remove());
        assertEquals(notice("{'state':0,'updateStatus':4}"), sent.remove());
        assertTrue(sent.remove().contains("add/diag/log {'d':{'message':'firmware 'https://h/artifacts/x': the hash is another; upload it anew'"));
        assertTrue(sent.remove().contains("add/diag/errorCodes {'d':{'errorCode':1}"));
        assertTrue(asks("mgmt/initiate/firmware/update", "{'reqId':'3'}").contains("'rc':400"));
    }

    @Test
    void firmwareThatIsTakenBackSaysSo() {
        connect();
        tellsOfFirmware("1");
        asks("mgmt/initiate/firmware/download", "{'reqId':'r'}");
        asks("mgmt/initiate/firmware/update", "{'reqId':'3'}");
        deployments.become("d-1", State.PROBATION, "");
        sent.clear();
        deployments.become("d-1", State.ROLLED_BACK, "20 of 100 calls failed");
        settle();
        assertEquals(notice("{'state':0,'updateStatus':5}"), sent.remove());
        assertTrue(sent.remove().contains("'message':'d-1 rolled back: 20 of 100 calls failed'"));
        assertTrue(sent.remove().contains("'errorCode':2"));
        tellsOfFirmware("4");
    }

    @Test
    void whileFirmwareIsUnderWayThereIsNoOther() {
        List<Runnable> fetching = new ArrayList<>();
        worker = fetching::add;
        connect();
        tellsOfFirmware("1");
        asks("mgmt/initiate/firmware/download", "{'reqId':'r'}");
        assertTrue(asks("device/update", "{'d':{'fields':[{'field':'mgmt.firmware','value':{}}]},'reqId':'2'}").contains("'state':1"));
        assertTrue(sent.remove().contains("'rc':409"));
        assertTrue(asks("mgmt/initiate/firmware/download", "{'reqId':'3'}").contains("'rc':400"));
        assertTrue(asks("mgmt/initiate/firmware/update", "{'reqId':'4'}").contains("'rc':400"));
        fetching.get(0).run();
        settle();
        assertEquals(notice("{'state':2}"), sent.remove());
    }

    @ParameterizedTest
    @CsvSource({"file:///etc/passwd," + "abababababababababababababababababababababababababababababababab", "https://h/x,md5", "'not a url',x"})
    void firmwareFromElsewhereIsRefusedAtOnce(String uri, String verifier) {
        connect();
        asks("device/update", "{'d':{'fields':[{'field':'mgmt.firmware','value':{'uri':'" + uri + "','verifier':'" + verifier + "'}}]},'reqId':'1'}");
        assertTrue(asks("mgmt/initiate/firmware/download", "{'reqId':'r'}").contains("'rc':400"));
        assertNull(sent.poll());
    }

    // --- over restarts of the gateway, whose journal knows what became of what was under way

    private void installs() {
        connect();
        tellsOfFirmware("1");
        asks("mgmt/initiate/firmware/download", "{'reqId':'r'}");
        asks("mgmt/initiate/firmware/update", "{'reqId':'3'}");
        assertEquals("d-1", deployments.deployments().get(0).id());
        sent.clear();
    }

    @ParameterizedTest
    @CsvSource({"PROVEN, 0", "ROLLED_BACK, 5"})
    void howFirmwareEndedIsToldAfterARestart(State end, int status) {
        installs();
        kill();
        deployments.become("d-1", end, end == State.PROVEN ? "" : "the box ended in the middle of it");
        start();
        connect();
        assertEquals(notice("{'state':0,'updateStatus':" + status + "}"), sent.remove());
        if (end == State.ROLLED_BACK) {
            assertTrue(sent.stream().anyMatch(one -> one.contains("d-1 rolled back: the box ended in the middle of it; ask for it again")), sent.toString());
        }
        sent.clear();
        restart();
        connect();
        assertNull(sent.poll(), "once");
        tellsOfFirmware("4");
    }

    @Test
    void firmwareThatIsStillOnTrialIsToldWhenItIsProven() {
        installs();
        deployments.become("d-1", State.PROBATION, "");
        restart();
        connect();
        assertNull(sent.poll());
        deployments.become("d-1", State.PROVEN, "");
        settle();
        assertEquals(notice("{'state':0,'updateStatus':0}"), sent.remove());
    }

    // Its number was never journalled, so what has it now is something else.
    @Test
    void firmwareThatHadNotBegunIsNotTakenForAnother() {
        installs();
        PretendDeployments others = new PretendDeployments();
        others.deploy(io.pantograph.api.operator.Release.of("watson", Values.of("bundles", Values.of("org.example", null))));
        others.become("d-1", State.PROVEN, "");
        deployments = others;
        restart();
        connect();
        assertEquals(notice("{'state':0,'updateStatus':5}"), sent.remove());
        assertTrue(sent.remove().contains("the gateway ended before it had begun; ask for it again"));
    }

    @Test
    void fetchingGoesOnAndWhatWasFetchedCanBeInstalled() {
        List<Runnable> fetching = new ArrayList<>();
        worker = fetching::add;
        connect();
        tellsOfFirmware("1");
        asks("mgmt/initiate/firmware/download", "{'reqId':'r'}");
        sent.clear();
        restart();
        fetching.get(1).run();
        connect();
        assertEquals(notice("{'state':2}"), sent.remove());
        restart();
        connect();
        assertNull(sent.poll());
        assertTrue(asks("mgmt/initiate/firmware/update", "{'reqId':'3'}").contains("'rc':202"));
        assertEquals(SHA, ((Change.Jar.Remote) ((Change.Install) deployments.releases().get(0).changes().get(0)).jar()).sha256());
    }

    @ParameterizedTest
    @CsvSource({"PROVEN, 200, d-1 proven", "ROLLED_BACK, 500, d-1 rolled back: the box ended in the middle of it"})
    void anActionIsAnsweredAfterARestart(State end, int status, String message) {
        connect();
        assertNull(acts("install", ALL));
        kill();
        deployments.become("d-1", end, end == State.PROVEN ? "" : "the box ended in the middle of it");
        start();
        connect();
        assertEquals(answer(status, message), sent.remove());
        sent.clear();
        restart();
        connect();
        assertNull(sent.poll(), "once");
    }

    @Test
    void anActionThatHadNotBegunIsAnsweredSo() {
        connect();
        acts("install", ALL);
        deployments = new PretendDeployments();
        restart();
        connect();
        assertEquals(answer(500, "the gateway ended before it had begun; ask again"), sent.remove());
    }

    // No door stays shut for it.
    @Test
    void notesThatCannotBeReadAreNothing() throws IOException {
        installs();
        Path file = home.resolve("gateway").resolve("managed.properties");
        String all = Files.readString(file);
        for (String spoilt : List.of("\\uZZZZ", all.replace("UNDER_WAY", "ELSEWHERE"))) {
            Files.writeString(file, spoilt);
            restart();
            connect();
            assertNull(sent.poll());
            tellsOfFirmware("5");
        }
    }

    // --- what goes wrong by other doors

    @Test
    void failuresAreTheDevicesToTellBeItLater() {
        deployments.deploy(io.pantograph.api.operator.Release.of("drop", Values.of("bundles", Values.of("org.example", null))));
        deployments.become("d-1", State.REFUSED, "it is in use");
        settle();
        connect();
        assertTrue(sent.remove().startsWith("iotdevice-1/add/diag/log {'d':{'message':'d-1 refused: it is in use','timestamp':'2026-01-01T00:00:00Z','severity':2}"));
        assertTrue(sent.remove().startsWith("iotdevice-1/add/diag/errorCodes {'d':{'errorCode':1}"));
        for (int i = 0; i < 3; i++) {
            managed.disconnected();
            connect();
        }
        assertNull(sent.poll(), "once");
    }

    // --- the extension's package

    @Test
    void thePackageHasTheActionsThatAreHere() throws Exception {
        Values described = (Values) JsonReader.read(Bytes.utf8(description()));
        assertEquals(Actions.EXTENSION, described.text("bundleId"));
        Values actions = described.values("actions");
        assertEquals(Set.of(Actions.INSTALL, Actions.UPDATE, Actions.UNINSTALL), actions.keySet());
        connect();
        actions.forEach((action, about) -> {
            Values.Builder given = Values.builder();
            ((Values) about).list("parameters").forEach(one -> given.put(((Values) one).text("name"),
                    Map.of("name", "org.example", "version", "1.0.0", "url", "https://h/x", "sha256", SHA).get(((Values) one).text("name"))));
            assertEquals(1, Actions.release(action, given.build()).changes().size(), "every parameter that is described is known");
        });
    }

    private static String description() throws IOException {
        try (InputStream in = Actions.class.getResourceAsStream("osgi-actions-v1.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
