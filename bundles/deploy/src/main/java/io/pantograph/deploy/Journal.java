package io.pantograph.deploy;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was deployed and how it went, on disk: a file to which only whole lines are added, each forced to the disk before anybody goes on.
 * The line that says a deployment is proven says with it what is deployed from then on, so there is no moment at which half of it holds.
 * What a kill or a lost power leaves of the last line is not taken for a line.
 *
 * <p>It is written anew, beside and then in place of the old, at every start and when it has grown. One thread writes; any may read.
 */
final class Journal implements AutoCloseable {

    static final String FILE = "journal";
    /** Beside it, lines that this gateway cannot read. */
    static final String ASIDE = "journal.aside";
    /** So many deployments are remembered. */
    static final int MOST = 200;
    static final int MOST_STEPS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final long LARGE = 1 << 20;

    private final Path file;
    private final Runnable written;
    private final Map<String, Deployment> deployments = new LinkedHashMap<>();
    private volatile SortedMap<String, Committed> set = new TreeMap<>();
    private long last;
    private FileChannel channel;
    private long length;
    private long compact;

    Journal(Path folder) throws IOException {
        this(folder, () -> { });
    }

    /** @param written is run after each line that is on disk */
    Journal(Path folder, Runnable written) throws IOException {
        file = Files.createDirectories(folder).resolve(FILE);
        this.written = written;
        read();
        writeAnew();
    }

    /** By name, what is deployed. */
    SortedMap<String, Committed> set() {
        return set;
    }

    /** The oldest first. */
    List<Deployment> deployments() {
        return List.copyOf(deployments.values());
    }

    /** The highest number that a deployment has had. */
    long last() {
        return last;
    }

    /**
     * Returns when it is on disk.
     *
     * @param fresh steps of its history that were not written yet
     * @param change by name, what is deployed from now on, or not any more
     * @throws IOException if it is not; the journal is as it was before
     */
    void write(Deployment now, List<Deployment.Step> fresh, Map<String, Optional<Committed>> change) throws IOException {
        append(Lines.line(line(now, fresh, change)));
        take(now, fresh, change);
        if (length > LARGE && length > 2 * compact) {
            shorten();
        }
        written.run();
    }

    /** What was to be written is on disk, so whoever asked for it must not hear that it is not. */
    private void shorten() {
        try {
            writeAnew();
        } catch (IOException e) {
            compact = length; // it may grow by as much before the next try
            LOG.warn("{} has {} bytes and could not be written anew; make room on the disk", file, length, e);
        }
    }

    private static Values line(Deployment now, List<Deployment.Step> fresh, Map<String, Optional<Committed>> change) {
        Values.Builder set = Values.builder();
        change.forEach((name, committed) -> set.put(name, committed.map(Committed::values).orElse(null)));
        return Values.of("deployment", with(now, fresh).values(), "set", set.build());
    }

    private static Deployment with(Deployment deployment, List<Deployment.Step> history) {
        return new Deployment(deployment.id(), deployment.door(), deployment.state(), deployment.reason(), deployment.parts(),
                history.subList(Math.max(0, history.size() - MOST_STEPS), history.size()), deployment.begun(), deployment.ended());
    }

    private void append(byte[] line) throws IOException {
        try {
            for (ByteBuffer bytes = ByteBuffer.wrap(line); bytes.hasRemaining();) {
                channel.write(bytes);
            }
            channel.force(false);
            length += line.length;
        } catch (IOException e) {
            channel.truncate(length); // half a line would spoil the next one
            throw e;
        }
    }

    private void take(Deployment now, List<Deployment.Step> fresh, Map<String, Optional<Committed>> change) {
        Deployment before = deployments.get(now.id());
        List<Deployment.Step> history = new ArrayList<>(before == null ? List.of() : before.history());
        history.addAll(fresh);
        deployments.put(now.id(), with(now, history));
        if (deployments.size() > MOST) {
            deployments.values().stream().filter(one -> one.state().isEnd()).findFirst().ifPresent(one -> deployments.remove(one.id()));
        }
        last = Math.max(last, Numbers.of(now.id()));
        become(change);
    }

    private void read() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        byte[] all = Files.readAllBytes(file);
        int begin = 0;
        for (int i = 0; i <= all.length; i++) {
            if (i == all.length || all[i] == '\n') {
                if (i > begin) {
                    read(Arrays.copyOfRange(all, begin, i), i == all.length);
                }
                begin = i + 1;
            }
        }
    }

    private void read(byte[] line, boolean torn) throws IOException {
        Optional<Values> values = torn ? Optional.empty() : Lines.values(line);
        if (values.isEmpty()) {
            LOG.warn("a line of {} is {} and is passed over", file, torn ? "not whole, as after a kill," : "damaged");
            return;
        }
        Values said = values.get();
        if (said.containsKey("deployment")) {
            entry(line, said);
        } else {
            whole(said);
        }
    }

    private void entry(byte[] line, Values said) throws IOException {
        Map<String, Optional<Committed>> change = Map.of();
        try {
            change = change(said);
            Deployment deployment = Lines.deployment(said.values("deployment"));
            take(deployment, deployment.history(), change);
        } catch (RuntimeException e) {
            setAside(line, said.get("deployment") instanceof Values deployment ? deployment : Values.EMPTY, change, e);
        }
    }

    /** A newer gateway had more words for a deployment's way. What it says is deployed holds nevertheless, if that can be read. */
    private void setAside(byte[] line, Values deployment, Map<String, Optional<Committed>> change, RuntimeException why) throws IOException {
        Path aside = file.resolveSibling(ASIDE);
        try (FileChannel out = FileChannel.open(aside, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), Artifacts.OURS)) {
            ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        String id = String.valueOf(deployment.get("id"));
        deployments.remove(id);
        last = Math.max(last, Numbers.in(id));
        become(change);
        LOG.error("{} tells of {} in the state '{}' what this gateway cannot read ({}), so a newer one has written it; it is set aside in {}, and {}; "
                + "deploy again what is missing, or start the newer gateway", file, id, deployment.get("state"), why.getMessage(), aside,
                change.isEmpty() ? "what was proven before is in force" : "what it says is deployed is in force");
    }

    private static Map<String, Optional<Committed>> change(Values said) {
        Map<String, Optional<Committed>> change = new TreeMap<>();
        if (said.containsKey("set")) {
            said.values("set").forEach((name, one) -> change.put(name, Optional.ofNullable((Values) one).map(some -> Committed.of(name, some))));
        }
        return change;
    }

    /** How each file begins: all that is deployed. Without it nobody knows which jars are needed, and they would be thrown away. */
    private void whole(Values said) throws IOException {
        try {
            last = Math.max(last, said.integer("last"));
            set = Collections.emptySortedMap();
            become(change(said));
        } catch (RuntimeException e) {
            throw new IOException(file + " says in a way that this gateway cannot read what is deployed (" + e.getMessage()
                    + "), so it was written by a newer gateway; start that again, or move the folder " + file.getParent() + " away and deploy anew", e);
        }
    }

    private void become(Map<String, Optional<Committed>> change) {
        SortedMap<String, Committed> next = new TreeMap<>(set);
        change.forEach((name, committed) -> committed.ifPresentOrElse(one -> next.put(name, one), () -> next.remove(name)));
        set = Collections.unmodifiableSortedMap(next);
    }

    private void writeAnew() throws IOException {
        Path whole = file.resolveSibling(FILE + ".new");
        Files.deleteIfExists(whole);
        Files.createFile(whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileChannel next = FileChannel.open(whole, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try {
            Values.Builder committed = Values.builder();
            set.forEach((name, one) -> committed.put(name, one.values()));
            next.write(ByteBuffer.wrap(Lines.line(Values.of("last", last, "set", committed.build()))));
            for (Deployment deployment : deployments.values()) {
                next.write(ByteBuffer.wrap(Lines.line(Values.of("deployment", deployment.values()))));
            }
            next.force(true);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            next.close();
            throw e;
        }
        if (channel != null) {
            channel.close();
        }
        channel = next;
        length = next.size();
        compact = length;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Deployments are called {@code d-1}, {@code d-2} and so on. */
    static final class Numbers {

        private static final String PREFIX = "d-";

        private Numbers() {
        }

        static String id(long number) {
            return PREFIX + number;
        }

        /** 0 if it has none. */
        static long in(String id) {
            return id.matches(PREFIX + "[0-9]{1,18}") ? of(id) : 0;
        }

        static long of(String id) {
            return Long.parseLong(id.substring(PREFIX.length()));
        }
    }
}
