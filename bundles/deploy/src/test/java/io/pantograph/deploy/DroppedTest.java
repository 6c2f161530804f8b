package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which releases the folder's files make. */
class DroppedTest {

    @TempDir
    Path home;

    private final PlainDeployments deployments = new PlainDeployments();
    private Path folder;
    private Dropped dropped;

    @BeforeEach
    void start() throws Exception {
        folder = Files.createDirectories(home.resolve("drop"));
        again();
    }

    /** As after a restart of the box, as far as the door is concerned. */
    private void again() throws Exception {
        dropped = new Dropped(folder, home.resolve("deploy"), deployments);
        dropped.begin();
    }

    private static Jars jar(String name, String version) {
        return Jars.bundle().header("Bundle-SymbolicName", name).header("Bundle-Version", version);
    }

    private void write(String file, Jars jars) throws Exception {
        boolean there = Files.exists(folder.resolve(file));
        jars.write(folder.resolve(file));
        if (there) {
            dropped.changed(file);
        } else {
            dropped.came(file);
        }
    }

    private void delete(String file) throws Exception {
        Files.delete(folder.resolve(file));
        dropped.gone(file);
    }

    private void end(State state, String reason) throws Exception {
        dropped.told(deployments.ends(state, reason));
    }

    private String refusals() throws Exception {
        Path file = folder.resolve(Refusals.FILE);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void assertAsked(int count, String last) {
        assertEquals(count, deployments.asked.size());
        assertEquals(last, deployments.last());
    }

    @Test
    void comesIsOverwrittenAndGoes() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        assertAsked(1, "+x");
        assertEquals("drop", deployments.asked.get(0).door());
        end(State.PROVEN, "");
        write("a.jar", jar("x", "1.1.0"));
        assertAsked(2, "+x");
        end(State.PROVEN, "");
        dropped.changed("a.jar"); // touched
        assertEquals(2, deployments.asked.size());
        delete("a.jar");
        assertAsked(3, "-x");
        assertEquals("", refusals());
        assertFalse(Files.list(home.resolve("deploy/staged")).findAny().isPresent());
    }

    @Test
    void isLeftOnItsWayWhenItIsTouched() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        write("a.jar", jar("x", "1.0.0"));
        assertEquals(1, deployments.asked.size());
    }

    @Test
    void isTakenOutInTheMiddleOfItsTrial() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        delete("a.jar");
        assertAsked(2, "-x");
    }

    @Test
    void aRefusalStandsInTheFolderUntilItIsSettled() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        write("a.jar", jar("x", "2.0.0").header("Export-Package", "a.b"));
        assertEquals(1, deployments.asked.size());
        assertTrue(refusals().contains("\na.jar exports packages, so others"), refusals());
        assertTrue(refusals().contains(". Version 1.0.0, which was there before, goes on working\n"), refusals());
        write("a.jar", jar("x", "3.0.0"));
        end(State.REFUSED, "x 3.0.0 imports y, which no bundle here exports");
        assertTrue(refusals().contains("\na.jar: x 3.0.0 imports y, which no bundle here exports. Version 1.0.0, which was"), refusals());
        write("a.jar", jar("x", "4.0.0"));
        end(State.ROLLED_BACK, "x 4.0.0: 3 of 1000 calls failed");
        assertTrue(refusals().contains("\na.jar: x 4.0.0: 3 of 1000 calls failed. Version 1.0.0, which was"), refusals());
        write("a.jar", jar("x", "5.0.0"));
        end(State.PROVEN, "");
        assertEquals("", refusals());
        write("a.jar", jar("x", "6.0.0").header("Export-Package", "a.b"));
        delete("a.jar");
        assertAsked(5, "-x");
        assertEquals("", refusals());
    }

    @Test
    void whatIsSupersededIsNoRefusal() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        write("a.jar", jar("x", "1.1.0"));
        dropped.told(deployments.ends(State.ROLLED_BACK, "superseded by d-2", 1));
        assertEquals("", refusals());
        end(State.PROVEN, "");
        assertEquals("", refusals());
    }

    // The refused bytes are not those that were proven.
    @Test
    void aRefusalWhileTheOneBeforeIsOnTrialLeavesThatOneOnItsWay() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        write("a.jar", jar("x", "2.0.0").header("Export-Package", "a.b"));
        end(State.PROVEN, "");
        assertTrue(refusals().contains("a.jar exports packages"), refusals());
        delete("a.jar");
        assertAsked(2, "-x");
        end(State.REMOVED, "");
        write("b.jar", jar("y", "1.0.0"));
        write("b.jar", jar("y", "2.0.0").header("Export-Package", "a.b"));
        end(State.ROLLED_BACK, "it spins");
        assertTrue(refusals().contains("b.jar exports packages") && !refusals().contains("spins"), refusals());
        delete("b.jar");
        assertEquals(3, deployments.asked.size());
    }

    @Test
    void aTornFileHasNoBundle() throws Exception {
        Files.writeString(folder.resolve("a.jar"), "hello");
        dropped.came("a.jar");
        assertTrue(refusals().contains("\na.jar is no whole jar; copy it again\n"), refusals());
        delete("a.jar");
        assertEquals(0, deployments.asked.size());
    }

    // As Maven names its jars.
    @Test
    void theNewerOfTwoFilesWithOneBundleCounts() throws Exception {
        write("x-1.0.0.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        write("x-1.1.0.jar", jar("x", "1.1.0"));
        assertAsked(2, "+x");
        end(State.PROVEN, "");
        again();
        dropped.came("x-1.0.0.jar");
        dropped.came("x-1.1.0.jar");
        assertEquals(2, deployments.asked.size());
        delete("x-1.1.0.jar");
        assertAsked(3, "+x");
        end(State.PROVEN, "");
        write("x-1.2.0.jar", jar("x", "1.2.0"));
        end(State.PROVEN, "");
        delete("x-1.0.0.jar");
        assertEquals(4, deployments.asked.size());
        delete("x-1.2.0.jar");
        assertAsked(5, "-x");
    }

    @Test
    void aRefusedSecondFileTakesNothingOver() throws Exception {
        write("x-1.0.0.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        write("x-1.1.0.jar", jar("x", "1.1.0"));
        end(State.REFUSED, "no");
        assertTrue(refusals().contains("x-1.1.0.jar: no. Version 1.0.0, which was there before, goes on working"), refusals());
        delete("x-1.1.0.jar");
        assertEquals(2, deployments.asked.size());
        delete("x-1.0.0.jar");
        assertAsked(3, "-x");
    }

    @Test
    void anotherBundleInTheSameFileTakesTheOldOneOut() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        write("a.jar", jar("y", "1.0.0"));
        assertAsked(2, "+y -x");
        end(State.REFUSED, "no");
        delete("a.jar");
        assertAsked(3, "-x");
    }

    // Copied together, they are found in the order of their names.
    @Test
    void whatWasRefusedIsTriedAgainWhenSomethingNewIsHere() throws Exception {
        write("a.jar", jar("needs.z", "1.0.0"));
        end(State.REFUSED, "needs.z 1.0.0 needs the service z.Z");
        write("z.jar", jar("z", "1.0.0"));
        assertAsked(2, "+z");
        dropped.told(deployments.ends(State.PROBATION, ""));
        assertAsked(3, "+needs.z");
        dropped.told(deployments.ends(State.REFUSED, "still not", 3));
        write("y.jar", jar("y", "1.0.0"));
        dropped.told(deployments.ends(State.PROBATION, ""));
        assertAsked(5, "+needs.z");
        end(State.REFUSED, "still not");
        dropped.told(deployments.ends(State.PROBATION, "", 2)); // told again, with other numbers
        dropped.told(deployments.ends(State.PROBATION, "", 4));
        assertEquals(5, deployments.asked.size());
        dropped.told(deployments.ends(State.PROVEN, "", 2));
        assertAsked(6, "+needs.z");
        end(State.PROVEN, "");
        assertEquals("", refusals());
    }

    // --- restarts

    @Test
    void aRestartLeavesWhatIsProvenAlone() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        again();
        dropped.came("a.jar");
        assertEquals(1, deployments.asked.size());
    }

    @Test
    void aRestartFindsWhatWasExchangedOrDeletedMeanwhile() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        write("b.jar", jar("y", "1.0.0"));
        end(State.PROVEN, "");
        jar("x", "1.1.0").write(folder.resolve("a.jar"));
        Files.delete(folder.resolve("b.jar"));
        again();
        assertAsked(3, "-y");
        dropped.came("a.jar");
        assertAsked(4, "+x");
    }

    @Test
    void aRestartInTheMiddleBeginsAnew() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        write("a.jar", jar("x", "1.1.0"));
        again();
        dropped.came("a.jar");
        assertAsked(3, "+x");
        end(State.REFUSED, "no");
        assertTrue(refusals().contains("Version 1.0.0, which was there before"), refusals());
    }

    // Bytes that did harm are not tried at every start; what lacked something may find it now.
    @Test
    void aRestartTriesAgainWhatNeverServed() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.ROLLED_BACK, "it spins");
        write("b.jar", jar("y", "1.0.0"));
        end(State.REFUSED, "it lacks something");
        again();
        assertTrue(refusals().contains("a.jar: it spins") && refusals().contains("b.jar: it lacks something"), refusals());
        dropped.came("a.jar");
        dropped.came("b.jar");
        assertAsked(3, "+y");
        end(State.PROVEN, "");
        assertFalse(refusals().contains("b.jar"), refusals());
        assertTrue(refusals().contains("a.jar: it spins"), refusals());
        dropped.changed("a.jar"); // touched: the operator wants it
        assertAsked(4, "+x");
    }

    @Test
    void whatItHasForgottenIsFoundAgainOrGoes() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        write("b.jar", jar("y", "1.0.0"));
        end(State.PROVEN, "");
        Files.writeString(home.resolve("deploy/drop.json"), "{torn");
        Files.delete(folder.resolve("b.jar"));
        again();
        assertAsked(3, "-y");
        delete("a.jar");
        assertAsked(4, "-x");
    }

    // --- other doors

    private void byShell(Change change) throws Exception {
        deployments.deploy(new Release("shell", List.of(change), Trial.USUAL, Optional.empty()));
        end(change instanceof Change.Remove ? State.REMOVED : State.PROVEN, "");
    }

    @Test
    void whatAnotherDoorDidStaysUntilTheFileIsWritten() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        byShell(new Change.Remove("x"));
        again();
        dropped.came("a.jar");
        assertEquals(2, deployments.asked.size());
        dropped.changed("a.jar");
        assertAsked(3, "+x");
        end(State.PROVEN, "");
        byShell(new Change.Install(Optional.of("x"), Optional.empty(), new Change.Jar.Kept("f".repeat(64))));
        delete("a.jar");
        assertEquals(4, deployments.asked.size());
        assertEquals(1, deployments.bundles().size());
    }

    // Somebody threw the installer's folder away, but not ours.
    @Test
    void whatTheInstallerHasForgottenComesAgain() throws Exception {
        write("a.jar", jar("x", "1.0.0"));
        end(State.PROVEN, "");
        deployments.deploy(new Release("drop", List.of(new Change.Remove("x")), Trial.USUAL, Optional.empty()));
        deployments.ends(State.REMOVED, "");
        again();
        dropped.came("a.jar");
        assertAsked(3, "+x");
    }
}
