package io.pantograph.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.PretendDeployments;
import io.pantograph.testkit.PretendDevice;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployCommandTest {

    private static final Values RELEASE = Values.of("bundles", Values.of("org.example.codec", Values.of("sha256", "1".repeat(64), "version", "1.0.0")));

    private final PretendDeployments deployments = new PretendDeployments();
    private final PretendDevice device = new PretendDevice("gateway", "g-1");
    private DeployCommand command;

    @TempDir
    Path home;

    @BeforeEach
    void start() {
        command = new DeployCommand(device, deployments, new Memory(home));
        command.begin();
    }

    private CommandResult does(Object body) {
        return Await.result(command.handle(device.command("deploy", body)));
    }

    private String fails(int status, Object body) {
        CommandResult result = does(body);
        assertEquals(status, result.status());
        return result.content().values().text("message");
    }

    @Test
    void plansWithoutTouchingAnything() {
        CommandResult plan = does(Values.of("plan", RELEASE));
        assertEquals(200, plan.status());
        assertEquals(List.of("org.example.codec"), plan.content().values().list("adds"));
        assertTrue(deployments.releases().isEmpty());

        deployments.refusing("it exports packages; export none");
        CommandResult refused = does(Values.of("plan", RELEASE));
        assertEquals(409, refused.status());
        assertEquals(List.of("it exports packages; export none"), refused.content().values().list("refusals"));
    }

    @Test
    void addsAReleaseNamedOrAlone() {
        assertEquals("d-1", does(Values.of("add", RELEASE)).content().values().text("id"));
        CommandResult second = does(Values.of("bundles", Values.of("org:example:codec", Values.of("sha256", "2".repeat(64)))));
        assertEquals(200, second.status());
        assertEquals("staged", second.content().values().text("state"));
        assertEquals(List.of("method", "method"), deployments.releases().stream().map(one -> one.door()).toList());
        assertEquals(Optional.of("org.example.codec"), ((Change.Install) deployments.releases().get(1).changes().get(0)).name());
        deployments.refusing("no");
        assertEquals(409, does(Values.of("add", RELEASE)).status());
    }

    @Test
    void tellsTheEndToWhoWaits() {
        deployments.listener(command::changed);
        CommandResult taken = does(Values.of("add", RELEASE, "wait", true));
        assertEquals(202, taken.status());
        assertEquals("d-1", taken.content().values().text("deployment"));
        deployments.become("d-1", State.PROBATION, "");
        assertEquals(Map.of(), device.outcomes());
        deployments.become("d-1", State.PROVEN, "");
        assertEquals("proven", ((Values) device.outcomes().get("deploy")).text("state"));

        deployments.refusing("no");
        assertEquals(409, does(Values.of("add", RELEASE, "wait", true)).status(), "what is at its end needs no waiting");
    }

    @ParameterizedTest
    @CsvSource({"PROVEN, proven", "ROLLED_BACK, rolled back"})
    void tellsTheEndAfterARestartToo(State end, String word) {
        does(Values.of("add", RELEASE, "wait", true));
        deployments.become("d-1", end, ""); // and nobody listens
        assertEquals(Map.of(), device.outcomes());
        start();
        assertEquals(word, ((Values) device.outcomes().remove("deploy")).text("state"));
        start();
        assertEquals(Map.of(), device.outcomes(), "once");
    }

    @Test
    void tellsTheEndToWhoHasWaitedSinceBeforeTheRestart() {
        does(Values.of("add", RELEASE, "wait", true));
        start();
        deployments.listener(command::changed);
        deployments.become("d-1", State.PROBATION, "");
        assertEquals(Map.of(), device.outcomes());
        deployments.become("d-1", State.PROVEN, "");
        assertEquals("proven", ((Values) device.outcomes().get("deploy")).text("state"));
    }

    // What has its number now is another's.
    @Test
    void whatHadNotBegunIsToldAsThat() {
        does(Values.of("add", RELEASE, "wait", true));
        PretendDeployments others = new PretendDeployments();
        others.deploy(Release.of("drop", RELEASE));
        others.become("d-1", State.PROVEN, "");
        DeployCommand again = new DeployCommand(device, others, new Memory(home));
        again.begin();
        Values told = (Values) device.outcomes().get("deploy");
        assertEquals("refused", told.text("state"));
        assertEquals("the gateway ended before it had begun; ask again", told.text("reason"));
    }

    @Test
    void listsAndShows() {
        deployments.has("org.example.old", "1.0.0", "0".repeat(64), "drop");
        does(RELEASE);
        Values list = does(Values.of("list", Values.EMPTY)).content().values();
        assertEquals("org.example.old", ((Values) list.list("bundles").get(0)).text("name"));
        assertEquals("d-1", ((Values) list.list("deployments").get(0)).text("id"));
        assertEquals("d-1", does(Values.of("show", Values.of("what", "d-1"))).content().values().text("id"));
        Values bundle = does(Values.of("show", Values.of("what", "org.example.old"))).content().values();
        assertEquals("1.0.0", bundle.values("bundle").text("version"));
        assertEquals(1, does(Values.of("show", Values.of("what", "org:example:codec"))).content().values().list("deployments").size());
        assertEquals("there is no deployment and no bundle 'd-9'; list shows what is here", fails(404, Values.of("show", Values.of("what", "d-9"))));
    }

    @Test
    void promotesRollsBackAndRemoves() {
        does(RELEASE);
        assertEquals("proven", does(Values.of("promote", Values.of("what", "d-1"))).content().values().text("state"));
        assertEquals("there is nothing to promote: 'd-1' is not on its way", fails(409, Values.of("promote", Values.of("what", "d-1"))));
        does(RELEASE);
        Values back = does(Values.of("rollback", Values.of("what", "d-2", "why", "it is late"))).content().values();
        assertEquals("it is late", back.text("reason"));
        does(Values.of("remove", Values.of("name", "org.example.codec")));
        assertEquals(List.of(new Change.Remove("org.example.codec")), deployments.releases().get(2).changes());
    }

    @Test
    void whatIsWrongIsSaid() {
        String verbs = "add, list, plan, promote, remove, rollback, show";
        assertEquals("the body must be an object with one of " + verbs + ", or a release document", fails(400, "list"));
        assertEquals("the body must be an object with one of " + verbs + ", or a release document", fails(400, null));
        assertEquals("the body must name one of " + verbs + ", it names nothing", fails(400, Values.EMPTY));
        assertEquals("the body must name one of " + verbs + ", it names ad", fails(400, Values.of("ad", RELEASE)));
        assertEquals("the body must name one of " + verbs + ", it names list, show", fails(400, Values.of("list", Values.EMPTY, "show", Values.EMPTY)));
        assertEquals("'what' must be a text, it is missing", fails(400, Values.of("show", Values.EMPTY)));
        assertEquals("'add' must be an object, it is a String", fails(400, Values.of("add", "this")));
        assertEquals("'sha256' of 'a' must be 64 characters of 0-9 a-f",
                fails(400, Values.of("add", Values.of("bundles", Values.of("a", Values.of("sha256", "12"))))));
        assertTrue(deployments.releases().isEmpty());
    }

    // A direct method's answer has room for 128 KB.
    @Test
    void answersHaveRoom() {
        List<Difference> differences = Collections.nCopies(20, new Difference("custom", true, "$.a", "x".repeat(200), "y".repeat(200), 3));
        Evidence evidence = new Evidence(1, 1, 1, 1, 1, 1, Duration.ZERO, Duration.ZERO, 1, 1, differences);
        List<Part> parts = IntStream.range(0, 64).mapToObj(i -> new Part("org.example.number" + i, Optional.of("1.0.0"), Optional.of("0.9.0"),
                Optional.of("1".repeat(64)), State.PROBATION, evidence, "z".repeat(1000))).toList();
        List<Deployment.Step> history = IntStream.range(0, 100).mapToObj(i -> new Deployment.Step(Instant.EPOCH, State.PROBATION, i + " " + "w".repeat(300))).toList();
        Values told = Answers.of(new Deployment("d-1", "method", State.PROBATION, "", parts, history, Instant.EPOCH, Optional.empty()));
        assertTrue(Answers.size(told) <= Answers.MOST_CHARACTERS, "it has " + Answers.size(told));
        List<?> lines = told.list("history");
        assertTrue(((Values) lines.get(lines.size() - 1)).text("said").startsWith("99 "), "the newest lines stay");
        assertEquals(64, told.list("bundles").size());
    }
}
