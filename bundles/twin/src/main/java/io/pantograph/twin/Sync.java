package io.pantograph.twin;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Twin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one device's copy of what is desired level with the hub's: reads the whole twin on every connection, and then follows the
 * patches strictly by version. Only for the steps of one twin.
 *
 * <p>Patches are not kept for a device that is away, and may come before the answer to a read that is older than they are. So what
 * comes while a read is under way is held back, and after it only what is newer than the answer is applied. A version that is
 * missing means to read again.
 */
final class Sync {

    static final Duration PATIENCE = Duration.ofSeconds(15);
    static final int HELD_BACK = 256;
    private static final Logger log = LoggerFactory.getLogger(Sync.class);

    /** A read under way, and the authors who asked before it was sent: a later one may want to see more than its answer has. */
    private record Read(String name, List<CompletableFuture<Twin>> authors, long heldBefore) {
    }

    private final DeviceId device;
    private final House house;
    private final Executor serial;
    private final RequestNames names;
    private final Deliveries deliveries;
    private final Pauses pauses = new Pauses();

    private Line line;
    private Read underWay;
    private Future<?> timer;
    private boolean resting;
    private List<CompletableFuture<Twin>> authors = new ArrayList<>();

    /** What is desired, of which version; that is negative before the first read. */
    private Values desired = Values.EMPTY;
    private long held = -1;
    /** Whether the copy was level at some time on this connection, and no patch is known to be missing since. */
    private boolean level;
    /** Patches that wait for a read, by version. */
    private final TreeMap<Long, Values> heldBack = new TreeMap<>();
    /** The newest version heard of. */
    private long heardOf = -1;
    /** Reads in a row that gave an older version than there was. */
    private int older;

    Sync(DeviceId device, House house, Executor serial, RequestNames names, Deliveries deliveries) {
        this.device = device;
        this.house = house;
        this.serial = serial;
        this.names = names;
        this.deliveries = deliveries;
    }

    void connected(Line now) {
        disconnected();
        line = now;
        pauses.reset();
        next();
    }

    void disconnected() {
        line = null;
        level = false;
        resting = false;
        heldBack.clear();
        heardOf = -1;
        giveUp();
    }

    /** An author wants the whole twin. */
    void read(CompletableFuture<Twin> author) {
        authors.add(author);
        next();
    }

    /** An author's time is over. */
    void expire(CompletableFuture<Twin> author, String why) {
        boolean waited = authors.remove(author) | (underWay != null && underWay.authors().remove(author));
        if (waited) {
            refuse(List.of(author), new DeliveryException(Reason.EXPIRED, why));
        }
    }

    boolean isConnected() {
        return line != null;
    }

    private void next() {
        if (line == null || underWay != null || resting || level && authors.isEmpty()) {
            return;
        }
        Read read = new Read(names.next(), authors, held);
        authors = new ArrayList<>();
        underWay = read;
        timer = house.later(PATIENCE, serial, () -> failed(read, false));
        try {
            line.send(line.grammar().read(read.name()), () -> serial.execute(() -> failed(read, true)));
        } catch (RuntimeException | LinkageError e) { // the dialect may be half gone
            log.warn("the twin of {} could not be asked for: {}", device, e.toString());
            failed(read, true);
        }
    }

    /** No answer in time, or it could not be sent. */
    private void failed(Read read, boolean rest) {
        if (underWay == read) {
            giveUp();
            if (rest) {
                rest();
            }
            next();
        }
    }

    private void giveUp() {
        cancel();
        if (underWay != null) {
            authors.addAll(0, underWay.authors());
            underWay = null;
        }
    }

    private void rest() {
        cancel();
        resting = true;
        timer = house.later(pauses.next(), serial, () -> {
            resting = false;
            next();
        });
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** @return whether it was the answer to a read */
    boolean answered(Inbound.Answer answer) {
        if (underWay == null || !answer.request().equals(underWay.name())) {
            return false;
        }
        Read read = underWay;
        int status = answer.status();
        if (status < 200 || status >= 300) {
            refused(read, status);
        } else {
            TwinGrammar.Document document = document(answer);
            if (document == null) {
                giveUp();
                rest();
            } else {
                cancel();
                underWay = null;
                Twin twin = new Twin(document.desired().values(), document.desired().version(), document.reported().values(),
                        document.reported().version());
                house.tell(read.authors(), author -> author.complete(twin));
                guarded(() -> take(document.desired(), read));
            }
        }
        next();
        return true;
    }

    private void refused(Read read, int status) {
        giveUp();
        if (status != 408 && status != 429 && status < 500) {
            List<CompletableFuture<Twin>> asked = List.copyOf(read.authors());
            authors.removeAll(asked);
            refuse(asked, new DeliveryException(Reason.REFUSED, "the hub refused to read the twin of " + device + " with status " + status));
        }
        if (!level || !authors.isEmpty()) {
            rest();
        }
    }

    private TwinGrammar.Document document(Inbound.Answer answer) {
        try {
            return line.grammar().document(house.json().decode(answer.payload()));
        } catch (CodecException | RuntimeException | LinkageError e) {
            house.condition(Kind.UNREADABLE, device, "twin", "the hub's answer with the twin cannot be read: " + e.getMessage()
                    + "; it is asked for again");
            return null;
        }
    }

    /** The whole of what is desired, as the hub had it some time after the read was sent. */
    private void take(TwinGrammar.Section whole, Read read) {
        if (whole.version() < read.heldBefore() && ++older < 2) {
            level = false;
            rest();
            return;
        }
        boolean anew = whole.version() < read.heldBefore();
        if (anew) {
            log.warn("the twin of {} was made anew: its desired values have version {}, {} was known", device, whole.version(), held);
            held = -1;
        }
        older = 0;
        if (whole.version() > held || held == read.heldBefore()) { // else patches have come further since
            become(whole.values(), whole.version(), Set.of());
        }
        while (!heldBack.isEmpty() && heldBack.firstKey() <= held + 1) {
            Map.Entry<Long, Values> first = heldBack.pollFirstEntry();
            if (first.getKey() > held) {
                patch(first.getValue(), first.getKey());
            }
        }
        if (anew) { // what else waits may be of the twin before
            heldBack.clear();
            heardOf = held;
        }
        level = held >= heardOf;
        if (level) {
            pauses.reset();
        } else {
            rest(); // the hub has told of more than it has
        }
    }

    private void become(Values whole, long version, Set<Deliveries.Key> named) {
        List<TwinGrammar.Wish> wishes = line.grammar().wishes(whole);
        desired = whole;
        held = version;
        deliveries.wanted(wishes, named, version);
    }

    private void patch(Values patch, long version) {
        Set<Deliveries.Key> named = new HashSet<>();
        line.grammar().wishes(patch).forEach(wish -> named.add(Deliveries.Key.of(wish)));
        become(Merge.apply(desired, patch), version, named);
    }

    void changed(Inbound.Changed change) {
        if (line == null) {
            return; // the read on the next connection tells it
        }
        TwinGrammar.Section section;
        try {
            section = line.grammar().change(house.json().decode(change.payload()), change.version());
        } catch (CodecException | RuntimeException | LinkageError e) {
            house.condition(Kind.UNREADABLE, device, "desired", "a change of what is desired cannot be read: " + e.getMessage()
                    + "; the whole is read instead");
            level = false;
            next();
            return;
        }
        if (section.version() <= held && level) {
            return;
        }
        heardOf = Math.max(heardOf, section.version());
        if (level && section.version() == held + 1) {
            guarded(() -> patch(section.values(), section.version()));
            return;
        }
        level = false;
        if (heldBack.size() < HELD_BACK) { // what is left out shows as a gap later
            heldBack.put(section.version(), section.values());
        }
        next();
    }

    /** What is desired is taken apart by the dialect, which may be half gone. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            house.condition(Kind.UNREADABLE, device, "desired", "what is desired cannot be taken apart: " + e.getMessage()
                    + "; it is asked for again");
            level = false;
            giveUp();
            rest();
        }
    }

    private void refuse(List<CompletableFuture<Twin>> asked, DeliveryException why) {
        house.tell(asked, author -> author.completeExceptionally(why));
    }

    /** Fails the authors who wait. */
    void fail(DeliveryException why) {
        giveUp();
        refuse(authors, why);
        authors = new ArrayList<>();
    }
}
