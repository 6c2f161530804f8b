package io.pantograph.hub.manage;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Database;
import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.Management;
import io.pantograph.api.hub.Management.RefusedException.Why;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the parts. All that is known lies in the database, and each step is one piece of work there, so a request survives a restart, and
 * what is said to devices is on disk before it is said.
 */
@Component(service = Management.class)
public final class Office implements Management {

    private static final Logger log = LoggerFactory.getLogger(Office.class);
    private static final String DOWN = "iotdm-1/type/";
    private static final int MOST_WAITING = 1_000;
    static final int MOST_DEVICES = 5_000;
    private static final int MOST_BUNDLES = 1_000;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Result<T>(T value, Turn turn) {
    }

    private final Database database;
    private final Registry registry;
    private final Json json;
    private final Clock clock;
    private final ScheduledExecutorService thread;
    private final Documents documents;
    private final ManagedTable devices;
    private final RequestTable requests;
    private final Flow flow;
    private final Hearing hearing;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile HubTransport transport;
    private Instant alarm = Instant.MAX;
    private ScheduledFuture<?> ringing;
    private long lost;
    private long quietUntil = System.nanoTime();

    @Activate
    public Office(@Reference Database database, @Reference Registry registry, @Reference Json json) {
        this(database, registry, json, Clock.systemUTC(), oneThread());
    }

    Office(Database database, Registry registry, Json json, Clock clock, ScheduledExecutorService thread) {
        this.database = database;
        this.registry = registry;
        this.json = json;
        this.clock = clock;
        this.thread = thread;
        documents = new Documents(json);
        devices = new ManagedTable(documents);
        requests = new RequestTable(documents);
        flow = new Flow(requests, devices, registry);
        hearing = new Hearing(devices, registry, flow);
        database.tables(Tables.ROOM, Tables.STEPS);
        thread.execute(this::expire); // what a restart left
    }

    private static ScheduledExecutorService oneThread() {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "hub-manage");
            thread.setDaemon(true);
            return thread;
        });
        one.setRemoveOnCancelPolicy(true);
        return one;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addTransport(HubTransport front) {
        transport = front;
    }

    void removeTransport(HubTransport front) {
        if (transport == front) {
            transport = null;
        }
    }

    @Deactivate
    void close() {
        thread.shutdownNow();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS); // as fine as it is stored
    }

    @Override
    public void heard(DeviceId device, String path, Bytes payload) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            lose();
            return;
        }
        thread.execute(() -> {
            Values message;
            try {
                message = json.read(payload) instanceof Values values ? values : Values.EMPTY;
            } catch (CodecException e) {
                log.debug("{} of device {} is no JSON: {}", Names.visible(path), device, e.getMessage());
                waiting.decrementAndGet();
                return;
            }
            database.submit(work -> {
                Turn turn = new Turn(work, now());
                hearing.take(turn, device, path, message);
                return turn;
            }).whenComplete((turn, failure) -> {
                waiting.decrementAndGet();
                if (failure != null) {
                    log.warn("{} of device {} could not be taken", Names.visible(path), device, failure);
                } else {
                    say(turn);
                }
            });
        });
    }

    private synchronized void lose() {
        lost++;
        if (System.nanoTime() - quietUntil >= 0) {
            log.warn("device management is busy: {} messages of devices were lost", lost);
            lost = 0;
            quietUntil = System.nanoTime() + QUIET_NANOS;
        }
    }

    private void say(Turn turn) {
        if (turn.due().isBefore(Instant.MAX)) {
            ring(turn.due());
        }
        HubTransport front = transport;
        if (front != null) { // otherwise nobody is connected who could hear it
            for (Turn.Said each : turn.said()) {
                front.route(DOWN + each.device().type() + "/id/" + each.device().name() + '/' + each.path(), json.write(each.body()), Qos.AT_LEAST_ONCE);
            }
        }
    }

    private <T> T turn(Turn.Work<T> work) {
        Result<T> result = database.call(connection -> {
            Turn turn = new Turn(connection, now());
            return new Result<>(work.run(turn), turn);
        });
        say(result.turn);
        return result.value;
    }

    private void expire() {
        synchronized (this) {
            alarm = Instant.MAX;
        }
        database.submit(work -> {
            Turn turn = new Turn(work, now());
            return new Result<>(flow.expire(turn), turn);
        }).whenComplete((result, failure) -> {
            if (failure != null) {
                log.warn("requests that are due could not be ended", failure);
                ring(now().plusSeconds(60));
            } else {
                say(result.turn);
                result.value.ifPresent(this::ring);
            }
        });
    }

    /** Looks again at that time, or before. */
    private synchronized void ring(Instant at) {
        if (!at.isBefore(alarm) || thread.isShutdown()) {
            return;
        }
        if (ringing != null) {
            ringing.cancel(false);
        }
        alarm = at;
        ringing = thread.schedule(this::expire, Math.max(1, Duration.between(now(), at).toMillis()), TimeUnit.MILLISECONDS);
    }

    @Override
    public void changed(DeviceId device, String field, Values value) {
        turn(turn -> {
            if (devices.find(turn.work(), device).isPresent()) {
                Values d = Values.of("fields", List.of(Values.of("field", field, "value", value)));
                // Of its place a device is told without being asked for an answer; what it answers to the others changes nothing here.
                turn.say(device, "device/update", field.equals("location") ? Values.of("d", d)
                        : Values.of("d", d, "reqId", UUID.randomUUID().toString()));
            }
            return null;
        });
    }

    @Override
    public Optional<Managed> managed(DeviceId device) {
        return database.call(work -> devices.find(work, device));
    }

    @Override
    public List<Line> log(DeviceId device) {
        return database.call(work -> DiagnosisTable.log(work, device, now()));
    }

    @Override
    public Line addLine(DeviceId device, Values told) {
        Line line = valid(() -> DiagnosisTable.line(told, now()));
        return database.call(work -> {
            DiagnosisTable.add(work, device, line, now());
            return line;
        });
    }

    @Override
    public boolean deleteLine(DeviceId device, String id) {
        return database.call(work -> DiagnosisTable.delete(work, device, id));
    }

    @Override
    public void clearLog(DeviceId device) {
        database.call(work -> {
            DiagnosisTable.clearLog(work, device);
            return null;
        });
    }

    @Override
    public List<Fault> faults(DeviceId device) {
        return database.call(work -> DiagnosisTable.faults(work, device));
    }

    @Override
    public Fault addFault(DeviceId device, Values told) {
        Fault fault = valid(() -> DiagnosisTable.fault(told, now()));
        return database.call(work -> {
            DiagnosisTable.add(work, device, fault);
            return fault;
        });
    }

    @Override
    public void clearFaults(DeviceId device) {
        database.call(work -> {
            DiagnosisTable.clearFaults(work, device);
            return null;
        });
    }

    private static <T> T valid(java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Why.INVALID, e.getMessage());
        }
    }

    @Override
    public String initiate(Order order) {
        return new Initiation(order, requests, devices, flow, documents).begin(this::turn);
    }

    @Override
    public Registry.Page<Request> requests(int limit, Optional<String> from) {
        return database.call(work -> requests.page(work, limit, from));
    }

    @Override
    public Optional<Request> request(String id) {
        return database.call(work -> requests.find(work, id));
    }

    @Override
    public boolean deleteRequest(String id) {
        return database.call(work -> requests.delete(work, id));
    }

    @Override
    public boolean cancel(String id) {
        return turn(turn -> {
            if (requests.find(turn.work(), id).isEmpty()) {
                return false;
            }
            for (Part part : requests.open(turn.work(), id)) {
                flow.abandon(turn, part, "cancelled by the operator");
            }
            return true;
        });
    }

    @Override
    public Registry.Page<Progress> progress(String id, int limit, Optional<String> from) {
        Optional<DeviceId> after = from.map(text -> {
            int slash = text.indexOf('/');
            return new DeviceId(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
        });
        return database.call(work -> {
            if (requests.find(work, id).isEmpty()) {
                throw new RefusedException(Why.MISSING, "Request " + Names.visible(id) + " does not exist.");
            }
            return requests.progress(work, id, limit, after);
        });
    }

    @Override
    public Optional<Progress> progress(String id, DeviceId device) {
        return database.call(work -> requests.progress(work, id, device));
    }

    @Override
    public List<Values> bundles() {
        return database.call(work -> Sql.rows(work, row -> documents.values(row.getString(1)), "SELECT body FROM manage_bundle ORDER BY id"));
    }

    @Override
    public Optional<Values> bundle(String id) {
        return database.call(work -> Initiation.bundle(work, documents, id));
    }

    @Override
    public Values addBundle(Values bundle) {
        String id = Extension.checked(bundle);
        return database.call(work -> {
            if (Initiation.bundle(work, documents, id).isPresent()) {
                throw new RefusedException(Why.CONFLICT, "Bundle " + id + " exists already.");
            }
            if (Sql.number(work, "SELECT count(*) FROM manage_bundle") >= MOST_BUNDLES) {
                throw new RefusedException(Why.CONFLICT, "There are " + MOST_BUNDLES + " bundles already; delete some.");
            }
            Sql.change(work, "INSERT INTO manage_bundle (id, body) VALUES (?, ?)", id, documents.text(bundle));
            return bundle;
        });
    }

    @Override
    public Optional<Values> changeBundle(String id, Values bundle) {
        if (!Extension.checked(bundle).equals(id)) {
            throw new RefusedException(Why.INVALID, "'bundleId' must be the one in the path, " + Names.visible(id));
        }
        return database.call(work -> Sql.change(work, "UPDATE manage_bundle SET body = ? WHERE id = ?", documents.text(bundle), id) > 0
                ? Optional.of(bundle) : Optional.empty());
    }

    @Override
    public boolean deleteBundle(String id) {
        return database.call(work -> Sql.change(work, "DELETE FROM manage_bundle WHERE id = ?", id) > 0);
    }
}
