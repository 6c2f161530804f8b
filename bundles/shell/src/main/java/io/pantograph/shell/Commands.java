package io.pantograph.shell;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Backlog;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.CodecStatus;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Parking;
import io.pantograph.api.operator.Pending;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The functions of scope {@code deploy} in a Gogo shell. Gogo finds them by these properties and calls them by their names; none of its
 * packages is needed, and without it this is never activated. What is wrong or refused is printed, one sentence.
 */
@Component(service = Commands.class, property = {"osgi.command.scope=deploy", "osgi.command.function=plan", "osgi.command.function=add",
    "osgi.command.function=list", "osgi.command.function=show", "osgi.command.function=promote", "osgi.command.function=rollback",
    "osgi.command.function=remove", "osgi.command.function=codecs", "osgi.command.function=parked", "osgi.command.function=waiting"})
public final class Commands {

    static final String DOOR = "shell";

    private static final int MOST_TOLD = 100;
    private static final long LOOK_MS = 500;

    private final Deployments deployments;
    private final Set<Parking> parkings = ConcurrentHashMap.newKeySet();
    private final Set<Backlog> backlogs = ConcurrentHashMap.newKeySet();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC)
    private volatile CodecBoard board;

    @Activate
    public Commands(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addParking(Parking parking) {
        parkings.add(parking);
    }

    void removeParking(Parking parking) {
        parkings.remove(parking);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addBacklog(Backlog backlog) {
        backlogs.add(backlog);
    }

    void removeBacklog(Backlog backlog) {
        backlogs.remove(backlog);
    }

    private interface Deed {
        List<String> lines() throws RefusedException, InterruptedException;
    }

    private static String told(Deed deed) throws InterruptedException {
        try {
            return String.join("\n", deed.lines());
        } catch (RefusedException | IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** {@code deploy:plan FILE.jar...}, with the options of {@code add}: what it would do. */
    public String plan(String... words) throws InterruptedException {
        return told(() -> Tables.plan(deployments.plan(Line.of(words).release()).values()));
    }

    /** {@code deploy:add FILE.jar... [--calls N] ... [--wait]}: all or none of them. */
    public String add(String... words) throws InterruptedException {
        return told(() -> {
            Line line = Line.of(words);
            Deployment begun = deployments.deploy(line.release());
            return line.watched() ? watched(begun.id()) : Tables.verdict(begun.values());
        });
    }

    // Ctrl-C interrupts this thread; the deployment goes on.
    private List<String> watched(String id) throws InterruptedException {
        Course course = new Course();
        for (;;) {
            Values now = deployments.deployment(id).map(Deployment::values).orElse(Values.EMPTY);
            course.news(now).forEach(System.out::println);
            if (now.isEmpty() || Course.isEnd(now)) {
                return Tables.verdict(now);
            }
            Thread.sleep(LOOK_MS);
        }
    }

    /** {@code deploy:list}: what deployments brought and is here. */
    public String list() throws InterruptedException {
        return told(() -> Tables.bundles(deployments.bundles().stream().map(Deployed::values).toList()));
    }

    /** {@code deploy:show}: the deployments. */
    public String show() throws InterruptedException {
        return told(() -> Tables.deployments(deployments.deployments().stream().map(Deployment::values).toList()));
    }

    /** {@code deploy:show NAME|ID}: all about a bundle or a deployment. */
    public String show(String what) throws InterruptedException {
        return told(() -> {
            List<String> lines = new ArrayList<>();
            deployments.bundles().stream().filter(one -> one.name().equals(what)).forEach(one -> lines.addAll(Tables.bundle(one.values())));
            deployments.deployment(what).or(() -> newest(what)).ifPresent(one -> lines.addAll(Tables.deployment(one.values())));
            if (lines.isEmpty()) {
                throw new RefusedException("there is no deployment and no deployed bundle '" + what + "'; deploy:list and deploy:show list them");
            }
            return lines;
        });
    }

    private Optional<Deployment> newest(String bundle) {
        return deployments.deployments().stream().filter(one -> one.parts().stream().anyMatch(part -> part.name().equals(bundle))).findFirst();
    }

    /** {@code deploy:promote NAME|ID}: ends its trial, it counts as proven. */
    public String promote(String what) throws InterruptedException {
        return told(() -> Tables.verdict(deployments.promote(what, DOOR).values()));
    }

    /** {@code deploy:rollback NAME|ID [why]}: back to the version before. */
    public String rollback(String what, String... why) throws InterruptedException {
        return told(() -> Tables.verdict(deployments.rollback(what, DOOR, why.length == 0 ? "asked for" : String.join(" ", why)).values()));
    }

    /** {@code deploy:remove NAME}: takes a bundle out. */
    public String remove(String name) throws InterruptedException {
        return told(() -> {
            if (deployments.bundles().stream().noneMatch(one -> one.name().equals(name))) {
                throw new RefusedException("no deployment brought a bundle '" + name + "'; deploy:list lists those that are here");
            }
            return Tables.verdict(deployments.deploy(new Release(DOOR, List.of(new Change.Remove(name)), Trial.USUAL, Optional.empty())).values());
        });
    }

    /** {@code deploy:codecs}: how each codec does. */
    public String codecs() throws InterruptedException {
        CodecBoard here = board;
        return told(() -> here == null ? List.of("the room that knows the codecs is not here at this moment")
                : Tables.codecs(here.codecs().stream().map(CodecStatus::values).toList()));
    }

    /** {@code deploy:parked}: what waits for a codec. */
    public String parked() throws InterruptedException {
        return told(() -> Tables.parked(parkings.stream().flatMap(parking -> parking.parked(MOST_TOLD).stream())
                .sorted(Comparator.comparing(Parked::since)).limit(MOST_TOLD).map(Parked::values).toList()));
    }

    /** {@code deploy:waiting}: events that the hub has not acknowledged, by the codec that wrote them. */
    public String waiting() throws InterruptedException {
        return told(() -> Tables.waiting(backlogs.stream().flatMap(backlog -> backlog.pending(MOST_TOLD).stream())
                .sorted(Comparator.comparing(Pending::oldest)).limit(MOST_TOLD).map(Pending::values).toList()));
    }
}
