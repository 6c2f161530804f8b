package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which releases the document makes. */
class DesiredTest {

    @TempDir
    Path home;

    private final PlainDeployments deployments = new PlainDeployments();
    private Desired desired;
    private int time;

    @BeforeEach
    void again() throws Exception {
        desired = new Desired(home.resolve("deployment.json"), deployments, new Notes(home.resolve("deploy/file.json")));
    }

    private static String bundle(String name) {
        return "\"" + name + "\": {\"sha256\": \"" + "a".repeat(64) + "\"}";
    }

    private void write(String text) throws Exception {
        Path file = Files.writeString(home.resolve("deployment.json"), text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + 1_000L * ++time));
        desired.look();
        desired.look();
    }

    private void end(State state) throws Exception {
        desired.told(deployments.ends(state, ""));
    }

    private void assertAsked(int count, String last) {
        assertEquals(count, deployments.asked.size());
        assertEquals(last, deployments.last());
    }

    @Test
    void bringsWhatItNamesAndTakesOutWhatVanishes() throws Exception {
        write("{\"bundles\": {" + bundle("x") + "," + bundle("y") + "}, \"trial\": {\"calls\": 7}, \"deadline-s\": 60}");
        assertAsked(1, "+x +y");
        Release release = deployments.asked.get(0);
        assertEquals("file", release.door());
        assertEquals(7, release.trial().calls().getAsLong());
        assertEquals(Optional.of(Duration.ofSeconds(60)), release.deadline());
        end(State.PROVEN);
        write("{\"bundles\": {" + bundle("y") + "}}");
        assertAsked(2, "+y -x");
        end(State.PROVEN);
        write("{\"bundles\": {}}");
        assertAsked(3, "-y");
        end(State.REMOVED);
        write("{\"bundles\": { }}");
        assertEquals(3, deployments.asked.size());
    }

    @Test
    void looksOverADocumentThatNamesNothingToo() throws Exception {
        write("{\"bundles\": {" + bundle("x") + "}}");
        end(State.PROVEN);
        for (String wrong : new String[] {"{\"bundles\": {}, \"typo\": 1}", "{\"bundles\": {}, \"trial\": {\"call\": 1}}",
                "{\"bundles\": {}, \"deadline-s\": 0}"}) {
            write(wrong);
            assertAsked(1, "+x");
        }
        write("{\"bundles\": {}, \"trial\": {\"calls\": 1}}");
        assertAsked(2, "-x");
    }

    @Test
    void leavesAloneWhatOthersBrought() throws Exception {
        deployments.deploy(new Release("shell", List.of(new Change.Install(Optional.of("z"), Optional.empty(), new Change.Jar.Kept("b".repeat(64)))),
                Trial.USUAL, Optional.empty()));
        deployments.ends(State.PROVEN, "");
        write("{\"bundles\": {}}");
        assertEquals(1, deployments.asked.size());
        write("{\"bundles\": {\"z\": null}}");
        assertAsked(2, "-z");
    }

    // Half a document may well be one.
    @Test
    void waitsUntilNobodyWritesIt() throws Exception {
        Path file = Files.writeString(home.resolve("deployment.json"), "{\"bundles\": {}}");
        desired.look();
        Files.writeString(file, "{\"bundles\": {" + bundle("x") + "}}");
        desired.look();
        assertEquals(0, deployments.asked.size());
        desired.look();
        assertAsked(1, "+x");
        desired.look();
        assertEquals(1, deployments.asked.size());
    }

    @Test
    void aFileThatGoesChangesNothing() throws Exception {
        write("{\"bundles\": {" + bundle("x") + "}}");
        end(State.PROVEN);
        Files.delete(home.resolve("deployment.json"));
        desired.look();
        desired.look();
        assertEquals(1, deployments.asked.size());
        write("{\"bundles\": {" + bundle("x") + "}}");
        assertEquals(1, deployments.asked.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"bundles\": []}", "{\"bundel\": {}}", "{\"bundles\": {\"x\": {}}}", "{\"bundles\": {\"x\": 1}}",
        "{\"bundles\": {}, \"bundles\": {}}"})
    void aWrongDocumentChangesNothing(String text) throws Exception {
        write("{\"bundles\": {" + bundle("x") + "}}");
        end(State.PROVEN);
        write(text);
        assertEquals(1, deployments.asked.size());
        write("{\"bundles\": {" + bundle("x") + "," + bundle("y") + "}}");
        assertAsked(2, "+x +y");
    }

    @Test
    void aRestartTakesUpOnlyWhatHadNotEnded() throws Exception {
        write("{\"bundles\": {" + bundle("x") + "}}");
        again();
        desired.look();
        desired.look();
        assertAsked(2, "+x");
        end(State.ROLLED_BACK); // and is not tried at every start
        again();
        desired.look();
        desired.look();
        assertEquals(2, deployments.asked.size());
        write("{\"bundles\": {" + bundle("x") + "} }");
        assertAsked(3, "+x");
    }
}
