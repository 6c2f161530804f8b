package io.pantograph.device;

import io.pantograph.api.core.News;
import io.pantograph.api.core.Outbox;
import io.pantograph.api.core.Sessions;
import io.pantograph.api.core.Twins;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.model.DeviceId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All devices of this gateway: how each is to log in, who holds it, and its link. A link is there as long as somebody set the device
 * up or holds it. Nothing is waited for under the lock.
 */
final class Register {

    private static final Logger log = LoggerFactory.getLogger("io.pantograph.devices");
    private static final long CLOSING_S = 3;

    private static final Defaults PROBE =
            new Defaults(Optional.of("localhost"), OptionalInt.of(1), OptionalInt.of(2), Optional.of("probe"));
    private static final Defaults OTHER_PROBE =
            new Defaults(Optional.of("127.0.0.1"), OptionalInt.of(3), OptionalInt.of(4), Optional.of("probe"));

    private final StandIn standIn;
    private final Outbox outbox;
    private final Twins twins;
    private final Sessions sessions;
    private final Routes routes;
    private final ParkingLot lot;
    private final News news;
    private final InstantSource clock;

    private final Dialects dialects = new Dialects();
    /** By origin, in the order they came: of two for one device the first counts. */
    private final Map<String, Setup> setups = new LinkedHashMap<>();
    private final Map<DeviceId, Link> links = new HashMap<>();
    private final Map<Link, Integer> holders = new HashMap<>();
    private boolean closed;

    Register(StandIn standIn, Outbox outbox, Twins twins, Sessions sessions, Routes routes, ParkingLot lot, News news, InstantSource clock) {
        this.standIn = standIn;
        this.outbox = outbox;
        this.twins = twins;
        this.sessions = sessions;
        this.routes = routes;
        this.lot = lot;
        this.news = news;
        this.clock = clock;
    }

    // --- the operator: configurations and files

    /** Sets a device up, or anew. What is wrong is logged, and what was there before stays. */
    synchronized void configure(String origin, DeviceOptions options) {
        Setup before = setups.get(origin);
        if (closed || before != null && same(before.options, options)) {
            return;
        }
        Setup setup = new Setup(origin, options);
        try {
            read(setup);
        } catch (IllegalArgumentException e) {
            log.error("{}: {}; {}", origin, e.getMessage(),
                    before == null ? "this device is left out, the others go on" : "it stays as it was");
            return;
        }
        setups.put(origin, setup); // in the place of the one before
        if (before != null && before.link != null && before.link != setup.link) {
            settle(before.link);
        }
        place(setup);
    }

    synchronized void unconfigure(String origin) {
        Setup gone = setups.remove(origin);
        if (gone != null && gone.link != null) {
            settle(gone.link);
        }
    }

    // --- authors: bundles

    /** @throws IllegalArgumentException for wrong options; @throws IllegalStateException if it is there already, or the dialect is not */
    synchronized Link connect(String origin, DeviceOptions options) {
        if (closed) {
            throw new IllegalStateException("the gateway is stopping");
        }
        if (dialects.find(options.dialect()).isEmpty()) {
            throw new IllegalStateException(dialects.missing(options.dialect()));
        }
        Setup setup = new Setup(origin, options);
        read(setup);
        Setup other = first(setup.link);
        if (other != null) {
            settle(setup.link);
            throw new IllegalStateException("device " + setup.link.id() + " is there already, by " + other.origin);
        }
        setups.put(origin, setup);
        hold(setup.link);
        place(setup);
        return setup.link;
    }

    synchronized Link attach(DeviceId device) {
        if (closed) {
            throw new IllegalStateException("the gateway is stopping");
        }
        Link link = link(device);
        hold(link);
        if (first(link) == null) {
            link.pause(unconfigured());
        }
        return link;
    }

    private void hold(Link link) {
        holders.merge(link, 1, Integer::sum);
    }

    /** @return completes when its session, if it ends by this, is gone */
    synchronized CompletableFuture<Void> release(Link link, String origin) {
        holders.computeIfPresent(link, (one, count) -> count == 1 ? null : count - 1);
        setups.remove(origin);
        return settle(link);
    }

    // --- what comes and goes

    synchronized void dialectCame(Dialect dialect, Map<String, Object> properties) {
        dialects.add(dialect, properties);
        for (Setup setup : List.copyOf(setups.values())) {
            if (setup.dialect == null) {
                again(setup);
            }
        }
    }

    /** Returns when no session speaks it any more, after 3 s at the latest. */
    void dialectWent(Dialect dialect) {
        List<CompletableFuture<Void>> ending = new ArrayList<>();
        synchronized (this) {
            dialects.remove(dialect);
            for (Setup setup : List.copyOf(setups.values())) {
                if (setup.dialect == dialect) {
                    again(setup);
                    if (setup.link != null) {
                        ending.add(setup.link.closing());
                    }
                }
            }
        }
        await(ending);
    }

    synchronized void hubListens(HubEndpoints hub) {
        standIn.listening(hub);
        List.copyOf(setups.values()).forEach(this::again);
    }

    private void again(Setup setup) {
        Link before = setup.link;
        try {
            read(setup);
            if (before != null && before != setup.link) {
                settle(before);
            }
            place(setup);
        } catch (IllegalArgumentException e) {
            complain(setup, e.getMessage() + "; this device is left out, the others go on");
        }
    }

    private static void complain(Setup setup, String what) {
        if (!what.equals(setup.said)) {
            setup.said = what;
            log.error("{}: {}", setup.origin, what);
        }
    }

    // --- how a device is put in its place; all under the lock

    /** Asks the dialect, if it is there, what the options mean. */
    private void read(Setup setup) {
        Dialect dialect = dialects.find(setup.options.dialect()).orElse(null);
        Profile before = setup.dialect == dialect ? setup.profile : null;
        setup.dialect = dialect;
        setup.profile = null;
        if (dialect == null) {
            return;
        }
        Profile profile;
        Defaults defaults;
        boolean early;
        try {
            Map<String, String> settings = setup.options.reveal();
            // A device that names its host need not wait for where the stand-in will be.
            early = standIn.awaited()
                    && !dialect.profile(settings, PROBE).endpoint().equals(dialect.profile(settings, OTHER_PROBE).endpoint());
            defaults = early ? PROBE : standIn.now();
            profile = dialect.profile(settings, defaults);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException("dialect '" + setup.options.dialect() + "' failed over it: " + e, e);
        }
        setup.link = link(profile.device());
        boolean unchanged = before != null && before.endpoint().equals(profile.endpoint()) && before.device().equals(profile.device())
                && (before.provisioning().isEmpty() || defaults.equals(setup.defaults)); // the hub it is assigned to may be the stand-in
        setup.defaults = defaults;
        setup.profile = early ? null : unchanged ? before : profile; // the same profile keeps its session
    }

    private void place(Setup setup) {
        if (setup.link == null) {
            log.info("{} waits, {}", setup.origin, dialects.missing(setup.options.dialect()));
            for (Link link : links.values()) {
                if (first(link) == null) {
                    link.pause(unconfigured());
                }
            }
            return;
        }
        Setup counting = first(setup.link);
        if (counting != setup) {
            complain(setup, "device " + setup.link.id() + " is set up already by " + counting.origin
                    + "; this one is left out until that one goes");
            return;
        }
        apply(setup);
    }

    private void apply(Setup setup) {
        setup.said = "";
        if (setup.profile != null) {
            setup.link.run(setup.profile);
        } else if (setup.dialect == null) {
            setup.link.pause(dialects.missing(setup.options.dialect()));
        } else {
            setup.link.pause("the hub of this box does not listen yet");
        }
    }

    /** After something went: the next setup for this device counts; without any it waits for one, or ends if nobody holds it. */
    private CompletableFuture<Void> settle(Link link) {
        Setup next = first(link);
        if (next != null) {
            apply(next);
        } else if (holders.containsKey(link)) {
            link.pause(unconfigured());
        } else {
            link.stop();
            return link.closing().thenRun(() -> end(link));
        }
        return link.closing();
    }

    private synchronized void end(Link link) {
        if (first(link) == null && !holders.containsKey(link) && links.remove(link.id(), link)) {
            link.end();
        }
    }

    private Link link(DeviceId device) {
        return links.computeIfAbsent(device, id -> new Link(id, outbox, twins, sessions, routes, lot, news, clock, this));
    }

    private Setup first(Link link) {
        return setups.values().stream().filter(setup -> setup.link == link).findFirst().orElse(null);
    }

    private String unconfigured() {
        List<String> waiting = setups.values().stream().filter(setup -> setup.link == null)
                .map(setup -> setup.origin + " waits since " + dialects.missing(setup.options.dialect())).toList();
        return "no configuration for it" + (waiting.isEmpty() ? "" : "; " + String.join("; ", waiting));
    }

    private static boolean same(DeviceOptions one, DeviceOptions other) {
        return one.dialect().equals(other.dialect()) && one.reveal().equals(other.reveal());
    }

    // --- the end

    void close() {
        List<CompletableFuture<Void>> ending = new ArrayList<>();
        synchronized (this) {
            closed = true;
            setups.clear();
            holders.clear();
            List.copyOf(links.values()).forEach(link -> ending.add(settle(link)));
        }
        await(ending);
    }

    /** At most 3 s for all of them. @return false if that was not enough */
    static boolean await(List<CompletableFuture<Void>> ending) {
        try {
            CompletableFuture.allOf(ending.toArray(CompletableFuture[]::new)).get(CLOSING_S, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.debug("not closed in time", e);
        }
        return false;
    }
}
