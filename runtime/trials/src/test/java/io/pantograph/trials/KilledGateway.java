package io.pantograph.trials;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.testkit.Await;
import io.pantograph.trials.StormJars.Manner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * A gateway that is killed in the middle of deployments of two bundles, started again, and asked what it has then. It keeps the ledger.
 *
 * <p>The journal tells how far a deployment is: each step is a line of a checksum, a blank and JSON, on disk before the next step begins.
 */
final class KilledGateway implements AutoCloseable {

    /** What is deployed, and how many lines the journal gets of it. */
    enum Kind {
        GOOD(4),
        /** One of the two fails its self-test. */
        BAD(2),
        /** Waits on probation for calls that do not come. */
        ON_TRIAL(3),
        /** Waits for copies of messages that do not come. */
        IN_THE_SHADOW(3),
        /** One is another version, the other is gone. */
        ONE_GOES(4),
        BOTH_GO(3);

        final int lines;

        Kind(int lines) {
            this.lines = lines;
        }
    }

    /** @param line of the deployment after which the kill comes, 0 for at once; empty: at a moment left to chance */
    record Kill(Kind kind, OptionalInt line) {

        static Kill after(Kind kind, int line) {
            return new Kill(kind, OptionalInt.of(line));
        }

        static Kill sometime(Kind kind) {
            return new Kill(kind, OptionalInt.empty());
        }

        @Override
        public String toString() {
            return kind + (line.isPresent() ? " after line " + line.getAsInt() : " sometime");
        }
    }

    private enum Outcome { OLD, NEW, MIXED }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PREFIX = "storm.codec.";
    private static final String FIRST = PREFIX + "f0";
    private static final String SECOND = PREFIX + "f1";

    private final Path home;
    private final Path jars;
    private final Path journal;
    private final Random random = new Random(Long.getLong("trials.seed", 7));
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private final Map<Integer, Integer> linesOnDisk = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private GatewayBox gateway;
    private SortedMap<String, String> deployed = new TreeMap<>();
    private Duration usual = Duration.ofMillis(500);
    private Duration slowest = Duration.ZERO;
    private int kills;
    private int releases;

    KilledGateway(Path home) throws Exception {
        this.home = home;
        jars = Files.createDirectories(home.resolveSibling(home.getFileName() + "-jars"));
        journal = home.resolve("deploy").resolve("journal");
        gateway = GatewayBox.start(home, Map.of());
        deployBoth();
    }

    private void deployBoth() throws Exception {
        releases++;
        SortedMap<String, String> next = next(Kind.GOOD);
        String release = release(Kind.GOOD);
        long begin = System.nanoTime();
        String id = gateway.deploy(release);
        await("both to be proven", () -> gateway.deployment(id).text("state").equals("proven"));
        usual = Duration.ofNanos(System.nanoTime() - begin);
        deployed = next;
    }

    /** Deploys, kills, starts again, and looks what there is. */
    void kill(Kill kill) throws Exception {
        if (deployed.size() < 2 && kill.kind() != Kind.GOOD) {
            deployBoth();
        }
        kills++;
        releases++;
        SortedMap<String, String> old = deployed;
        SortedMap<String, String> next = next(kill.kind());
        String release = release(kill.kind());
        long before = Files.size(journal);
        CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> deploy(release));
        if (kill.line().isPresent()) {
            awaitLines(kill.line().getAsInt(), before, asked);
        } else {
            LockSupport.parkNanos((long) (random.nextDouble() * 1.5 * usual.toNanos()));
        }
        gateway.box.kill();
        asked.exceptionally(Throwable::getMessage).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        List<Values> lines = lines(before);
        linesOnDisk.merge(lines.size(), 1, Integer::sum);
        boolean promised = lines.stream().map(line -> line.values("deployment").text("state")).anyMatch(state -> state.equals("proven") || state.equals("removed"));

        long begin = System.nanoTime();
        gateway = GatewayBox.start(home, Map.of());
        Outcome outcome = look(old, next);
        Duration back = Duration.ofNanos(System.nanoTime() - begin);
        slowest = back.compareTo(slowest) > 0 ? back : slowest;
        outcomes.merge(outcome, 1, Integer::sum);
        String said = kills + ". " + kill + ": " + lines.size() + " lines on disk, " + outcome + " after " + back.toMillis() + " ms";
        if (outcome == Outcome.MIXED || outcome == Outcome.NEW != promised) {
            wrong.add(said + "; it was " + old + ", was to be " + next + ", the journal " + (promised ? "had" : "had not") + " the last line, and now there is "
                    + gateway.bundles() + " with the codecs " + gateway.codecs(PREFIX));
        }
        List<Values> open = gateway.deployments().stream().filter(one -> !one.containsKey("ended")).toList();
        if (!open.isEmpty()) {
            wrong.add(said + "; this went on: " + open);
        }
        System.out.println(said);
        deployed = outcome == Outcome.NEW ? next : old;
    }

    private String deploy(String release) {
        try {
            return gateway.deploy(release);
        } catch (Exception e) {
            throw new IllegalStateException(e); // most likely it was killed before it answered
        }
    }

    /** What is there once what is deployed and what serves are the same, or after a time that is long enough for that. */
    private Outcome look(SortedMap<String, String> old, SortedMap<String, String> next) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!gateway.bundles().equals(gateway.codecs(PREFIX)) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        SortedMap<String, String> now = gateway.bundles();
        if (!gateway.codecs(PREFIX).equals(now)) {
            return Outcome.MIXED;
        }
        return now.equals(next) ? Outcome.NEW : now.equals(old) ? Outcome.OLD : Outcome.MIXED;
    }

    private String version() {
        return "1." + releases + ".0";
    }

    private SortedMap<String, String> next(Kind kind) {
        SortedMap<String, String> next = new TreeMap<>();
        if (kind != Kind.BOTH_GO) {
            next.put(FIRST, version());
        }
        if (kind != Kind.BOTH_GO && kind != Kind.ONE_GOES) {
            next.put(SECOND, version());
        }
        return next;
    }

    private String release(Kind kind) throws Exception {
        String first = kind == Kind.BOTH_GO ? "null" : bundle("f0", Manner.GOOD);
        String second = kind == Kind.BOTH_GO || kind == Kind.ONE_GOES ? "null" : bundle("f1", kind == Kind.BAD ? Manner.SELFTEST : Manner.GOOD);
        return "{\"bundles\":{\"" + FIRST + "\":" + first + ",\"" + SECOND + "\":" + second + "},\"trial\":{\"calls\":" + (kind == Kind.ON_TRIAL ? 1_000 : 0)
                + ",\"shadow\":" + (kind == Kind.IN_THE_SHADOW ? 1_000 : 0) + "}}";
    }

    private String bundle(String format, Manner manner) throws Exception {
        return "{\"version\":\"" + version() + "\",\"sha256\":\"" + gateway.put(StormJars.jar(jars, format, version(), manner)) + "\"}";
    }

    private void awaitLines(int count, long from, CompletableFuture<String> asked) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (ends(from) < count) {
            if (asked.isCompletedExceptionally() || System.nanoTime() > end) {
                throw new AssertionError("waited for line " + count + " of " + asked + ", there is " + lines(from) + "; the gateway has printed:\n"
                        + gateway.box.printed());
            }
            LockSupport.parkNanos(50_000); // the only way to see another process' file grow
        }
    }

    private byte[] since(long from) throws IOException {
        byte[] all = Files.readAllBytes(journal);
        return Arrays.copyOfRange(all, (int) Math.min(from, all.length), all.length);
    }

    private long ends(long from) throws IOException {
        if (Files.size(journal) <= from) {
            return 0;
        }
        long ends = 0;
        for (byte one : since(from)) {
            ends += one == '\n' ? 1 : 0;
        }
        return ends;
    }

    /** The whole lines that came since. */
    private List<Values> lines(long from) throws IOException {
        List<Values> lines = new ArrayList<>();
        String text = new String(since(from), StandardCharsets.UTF_8);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            lines.add(line(line));
        }
        return lines;
    }

    private static Values line(String line) {
        byte[] json = line.substring(9).getBytes(StandardCharsets.UTF_8);
        CRC32C sum = new CRC32C();
        sum.update(json);
        try {
            if (line.startsWith(String.format("%08x ", sum.getValue()))) {
                return (Values) JsonReader.readAnswer(Bytes.of(json));
            }
        } catch (CodecException e) {
            throw new AssertionError("a line of the journal is no JSON: " + line, e);
        }
        throw new AssertionError("a line of the journal has another checksum: " + line);
    }

    List<String> wrong() {
        return List.copyOf(wrong);
    }

    String ledger() {
        return String.format("%d kills: %d old, %d new, %d mixed, %d otherwise than the journal had it; the slowest was back in service after %d ms; by lines on disk %s",
                kills, outcomes.getOrDefault(Outcome.OLD, 0), outcomes.getOrDefault(Outcome.NEW, 0), outcomes.getOrDefault(Outcome.MIXED, 0), wrong.size(),
                slowest.toMillis(), linesOnDisk);
    }

    private static void await(String what, Question question) {
        Await.until(what, PATIENCE, () -> {
            try {
                return question.isSo();
            } catch (Exception e) {
                throw new AssertionError(what, e);
            }
        });
    }

    @FunctionalInterface
    private interface Question {
        boolean isSo() throws Exception;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
