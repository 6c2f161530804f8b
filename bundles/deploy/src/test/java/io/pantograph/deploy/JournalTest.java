package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private static final Evidence EVIDENCE = new Evidence(2, 3, 1_000, 1_000, 1, 1, Duration.ofNanos(1_500), Duration.ofNanos(20_250), 110, 2,
            List.of(new Difference("meter", true, "$.a[1]", "1", "ä \"2\"\n", 2)));

    @TempDir
    Path folder;

    private static Deployment deployment(long number, State state) {
        return new Deployment("d-" + number, "shell", state, state == State.REFUSED ? "it is no good" : "",
                List.of(new Part("a", Optional.of("1.0." + number), Optional.of("1.0.0"), Optional.of("ab"), state, EVIDENCE, ""),
                        new Part("b", Optional.empty(), Optional.empty(), Optional.empty(), state, Evidence.NONE, "goes")),
                List.of(), NOW, state.isEnd() ? Optional.of(NOW) : Optional.empty());
    }

    private static List<Deployment.Step> step(State state, String said) {
        return List.of(new Deployment.Step(NOW, state, said));
    }

    private static Optional<Committed> committed(String name, long number) {
        return Optional.of(new Committed(name, "1.0." + number, "cd", "shell", "d-" + number,
                number == 1 ? Optional.empty() : Optional.of(new Committed.Kept("1.0." + (number - 1), "ef")), EVIDENCE));
    }

    private static String set(Journal journal) {
        Map<String, String> set = new TreeMap<>();
        journal.set().forEach((name, one) -> set.put(name, one.version()));
        return set.toString();
    }

    /** A release of two bundles, from its beginning to its end. */
    private static void release(Journal journal, long number) throws IOException {
        for (State state : List.of(State.STAGED, State.VERIFIED, State.PROBATION)) {
            journal.write(deployment(number, state), step(state, "so far"), Map.of());
        }
        journal.write(deployment(number, State.PROVEN), step(State.PROVEN, "done"), Map.of("a", committed("a", number), "b", committed("b", number)));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        List<Deployment> written;
        try (Journal journal = new Journal(folder)) {
            release(journal, 1);
            journal.write(deployment(2, State.REFUSED), step(State.REFUSED, "it is no good"), Map.of());
            journal.write(deployment(3, State.REMOVED), step(State.REMOVED, "gone"), Map.of("b", Optional.empty()));
            written = journal.deployments();
        }
        for (int again = 0; again < 2; again++) { // as it was written, and written anew
            try (Journal journal = new Journal(folder)) {
                assertEquals(written, journal.deployments());
                assertEquals(Map.of("a", committed("a", 1).get()), journal.set());
                assertEquals(3, journal.last());
            }
        }
        assertEquals(List.of(State.STAGED, State.VERIFIED, State.PROBATION, State.PROVEN),
                written.get(0).history().stream().map(Deployment.Step::state).toList());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(Journal.FILE))));
    }

    /** A kill after each line, and after each byte of it: the old whole set or the new one. */
    @Test
    void aKillLeavesTheOldOrTheNewWholeSet() throws IOException {
        List<byte[]> moments = new ArrayList<>();
        Path file = folder.resolve(Journal.FILE);
        try (Journal journal = new Journal(folder, () -> moments.add(bytes(file)))) {
            release(journal, 1);
            release(journal, 2);
        }
        int cuts = 0;
        String before = "{}";
        for (int i = 0; i < moments.size(); i++) {
            byte[] whole = moments.get(i);
            int begin = i == 0 ? 0 : moments.get(i - 1).length;
            String after = i == 3 ? "{a=1.0.1, b=1.0.1}" : i == 7 ? "{a=1.0.2, b=1.0.2}" : before;
            for (int length = Math.max(begin, 1); length <= whole.length; length += length + 97 < whole.length - 2 ? 97 : 1) {
                Path crashed = Files.createDirectories(folder.resolve("crashed" + cuts++));
                Files.write(crashed.resolve(Journal.FILE), Arrays.copyOf(whole, length));
                try (Journal journal = new Journal(crashed)) {
                    assertEquals(length == whole.length ? after : before, set(journal), "after line " + i + " cut at " + length);
                    // And it can go on from there.
                    release(journal, 9);
                    assertEquals("{a=1.0.9, b=1.0.9}", set(journal));
                }
                try (Journal journal = new Journal(crashed)) {
                    assertEquals("{a=1.0.9, b=1.0.9}", set(journal));
                }
            }
            before = after;
        }
        assertTrue(cuts > 50, cuts + " cuts");
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // A bit that flips in the middle costs that line, not those behind it.
    @Test
    void passesOverADamagedLine() throws IOException {
        try (Journal journal = new Journal(folder)) {
            release(journal, 1);
            release(journal, 2);
        }
        Path file = folder.resolve(Journal.FILE);
        List<String> lines = Files.readAllLines(file);
        lines.set(4, lines.get(4).replace("1.0.1", "6.6.6"));
        Files.write(file, lines);
        try (Journal journal = new Journal(folder)) {
            assertEquals("{a=1.0.2, b=1.0.2}", set(journal));
        }
    }

    @Test
    void staysSmall() throws IOException {
        try (Journal journal = new Journal(folder)) {
            for (int i = 1; i <= 450; i++) {
                journal.write(deployment(i, State.PROVEN), step(State.PROVEN, "said at length".repeat(250)), Map.of("a", committed("a", i)));
            }
            assertEquals(Journal.MOST, journal.deployments().size());
            assertEquals("d-251", journal.deployments().get(0).id());
            assertTrue(Files.size(folder.resolve(Journal.FILE)) < 5L << 18, Files.size(folder.resolve(Journal.FILE)) + " bytes");
        }
        try (Journal journal = new Journal(folder)) {
            assertEquals("{a=1.0.450}", set(journal));
            assertEquals(450, journal.last());
        }
    }

    // On a full disk, say. Whoever heard that the line is not there would take back what is proven after a restart.
    @Test
    void aLineIsWrittenThoughTheFileCannotBeMadeShorter() throws IOException {
        try (Journal journal = new Journal(folder)) {
            Files.createDirectories(folder.resolve(Journal.FILE + ".new/in the way"));
            for (int i = 1; i <= 450; i++) {
                journal.write(deployment(i, State.PROVEN), step(State.PROVEN, "said at length".repeat(250)), Map.of("a", committed("a", i)));
            }
            Files.delete(folder.resolve(Journal.FILE + ".new/in the way"));
            for (int i = 451; i <= 900; i++) {
                journal.write(deployment(i, State.PROVEN), step(State.PROVEN, "said at length".repeat(250)), Map.of("a", committed("a", i)));
            }
        }
        try (Journal journal = new Journal(folder)) {
            assertEquals("{a=1.0.900}", set(journal));
        }
    }

    @Test
    void aLineThatIsNotWrittenChangesNothing() throws IOException {
        Journal journal = new Journal(folder);
        release(journal, 1);
        journal.close();
        assertThrows(IOException.class, () -> release(journal, 2));
        assertEquals("{a=1.0.1, b=1.0.1}", set(journal));
    }

    private static void future(Path file, int line, String... words) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String json = lines.get(line).substring(9);
        for (int i = 0; i < words.length; i += 2) {
            assertTrue(json.contains(words[i]), json);
            json = json.replace(words[i], words[i + 1]);
        }
        CRC32C sum = new CRC32C();
        sum.update(json.getBytes(StandardCharsets.UTF_8));
        lines.set(line, String.format("%08x ", sum.getValue()) + json);
        Files.write(file, lines);
    }

    // Of a newer gateway, before it was taken back. What it had proven is what works, whatever its words for that mean.
    @Test
    void whatANewerGatewayWroteIsSetAside() throws IOException {
        Path file = folder.resolve(Journal.FILE);
        try (Journal journal = new Journal(folder)) {
            release(journal, 1);
            release(journal, 2);
            journal.write(deployment(3, State.STAGED), step(State.STAGED, "so far"), Map.of());
        }
        future(file, 8, "\"state\":\"proven\"", "\"state\":\"soaked\""); // what is deployed can be read
        future(file, 9, "\"state\":\"staged\"", "\"state\":\"awaited\"");
        List<String> lines = Files.readAllLines(file);
        for (int again = 0; again < 2; again++) {
            try (Journal journal = new Journal(folder)) {
                assertEquals("{a=1.0.2, b=1.0.2}", set(journal));
                assertEquals(List.of("d-1"), journal.deployments().stream().map(Deployment::id).toList());
                assertEquals(3, journal.last());
                assertEquals(lines.subList(8, 10), Files.readAllLines(folder.resolve(Journal.ASIDE)));
            }
        }
    }

    // Then the set before it holds, whole.
    @Test
    void aSetThatCannotBeReadIsSetAsideWhole() throws IOException {
        try (Journal journal = new Journal(folder)) {
            release(journal, 1);
            release(journal, 2);
        }
        future(folder.resolve(Journal.FILE), 8, "\"b\":{\"version\":", "\"b\":{\"edition\":");
        try (Journal journal = new Journal(folder)) {
            assertEquals("{a=1.0.1, b=1.0.1}", set(journal));
            assertEquals(2, journal.last());
        }
    }

    // To begin without any of what is deployed would throw its jars away.
    @Test
    void withoutAnySetNothingBegins() throws IOException {
        try (Journal journal = new Journal(folder)) {
            release(journal, 1);
        }
        new Journal(folder).close();
        future(folder.resolve(Journal.FILE), 0, "\"b\":{\"version\":", "\"b\":{\"edition\":");
        IOException refused = assertThrows(IOException.class, () -> new Journal(folder));
        assertTrue(refused.getMessage().contains("was written by a newer gateway; start that again"), refused.getMessage());
        assertTrue(Files.readString(folder.resolve(Journal.FILE)).contains("edition"));
    }
}
