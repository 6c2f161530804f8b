package io.pantograph.deploy;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deployments that go on, those that were, and what came of them. */
final class Engine implements Deployments, Course.Others {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int BUSY_S = 60;
    /** So many may be on their way. */
    static final int MOST = 100;

    private final House house;
    private final AtomicLong last;
    /** By number, those that are over. */
    private final ConcurrentSkipListMap<Long, Deployment> over = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Course> going = new ConcurrentSkipListMap<>();
    /** By the name of a bundle, the last that got so far as to touch it. Of the thread of the steps. */
    private final Map<String, Long> claimed = new HashMap<>();

    Engine(House house) {
        this.house = house;
        house.journal().deployments().forEach(one -> over.put(Journal.Numbers.of(one.id()), one));
        last = new AtomicLong(house.journal().last());
        house.steps().scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        for (Course course : going.values()) {
            try {
                course.look();
            } catch (RuntimeException | Error e) { // there must be a next look
                LOG.error("how {} does is not known", course.id(), e);
            }
        }
    }

    @Override
    public String take(InputStream jar) throws IOException, RefusedException {
        return house.staging().take(jar);
    }

    @Override
    public Plan plan(Release release) {
        List<Planner.Coming> coming = new ArrayList<>();
        try {
            for (Change change : release.changes()) {
                if (change instanceof Change.Install install) {
                    coming.add(house.staging().stage(install, release.deadline().orElse(Course.USUAL)));
                }
            }
        } catch (RefusedException e) {
            return refused(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refused("it was given up while its jars were fetched; ask again");
        } catch (IOException | RuntimeException e) {
            LOG.warn("a release could not be staged", e);
            return refused("its jars could not be taken in: " + e);
        }
        Set<String> gone = release.changes().stream().filter(Change.Remove.class::isInstance).map(one -> ((Change.Remove) one).name()).collect(Collectors.toSet());
        Set<String> names = coming.stream().map(one -> one.facts().name()).collect(Collectors.toSet());
        names.addAll(gone);
        return house.planning().plan(release.door(), coming, gone, names).plan();
    }

    private static Plan refused(String why) {
        return new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(why));
    }

    @Override
    public Deployment deploy(Release release) {
        return same(release).map(Course::now).orElseGet(() -> deploy(release, false));
    }

    /** A desired state is told again after every reconnect; its trial must not begin anew each time. */
    private Optional<Course> same(Release release) {
        boolean changing = release.changes().stream().anyMatch(one -> one instanceof Change.Install install && install.jar() instanceof Change.Jar.Local);
        return changing ? Optional.empty() : going.values().stream().filter(course -> course.touchesSomethingOf(release)).reduce((earlier, later) -> later)
                .filter(course -> course.isOf(release));
    }

    private Deployment deploy(Release release, boolean proven) {
        boolean room = going.size() < MOST;
        Course course = new Course(last.incrementAndGet(), release, house, this, proven);
        going.put(course.number, course);
        Deployment first = course.now();
        if (room) {
            course.begin();
        } else {
            course.decline(MOST + " releases are on their way already; wait until some are at their end, or take some back");
        }
        return first;
    }

    @Override
    public List<Deployment> deployments() {
        // In this order, or one that ends just now would be in neither.
        TreeMap<Long, Deployment> all = new TreeMap<>();
        going.forEach((number, course) -> all.put(number, course.now()));
        all.putAll(over);
        return all.descendingMap().values().stream().limit(Journal.MOST).toList();
    }

    @Override
    public Optional<Deployment> deployment(String id) {
        return deployments().stream().filter(one -> one.id().equals(id)).findFirst();
    }

    @Override
    public List<Deployed> bundles() {
        List<Deployed> all = new ArrayList<>();
        for (Committed one : house.journal().set().values()) {
            all.add(new Deployed(one.name(), one.version(), one.sha256(), State.PROVEN, one.deployment(), one.door(),
                    one.lastGood().map(Committed.Kept::version), one.evidence(), ""));
        }
        for (Course course : going.values()) {
            Deployment now = course.now();
            now.parts().stream().filter(part -> on(part.state()) && part.version().isPresent()).forEach(part -> all.add(new Deployed(part.name(),
                    part.version().get(), part.sha256().orElse(""), part.state(), now.id(), now.door(), part.before(), part.evidence(), part.reason())));
        }
        return all;
    }

    private static boolean on(State state) {
        return state == State.VERIFIED || state == State.SHADOW || state == State.PROBATION;
    }

    @Override
    public Deployment promote(String what, String door) throws RefusedException {
        return asked(() -> {
            Course course = going(what).orElseThrow(() -> unknown(what, "on trial"));
            course.promote(door);
            return course.now();
        });
    }

    @Override
    public Deployment rollback(String what, String door, String why) throws RefusedException {
        return asked(() -> {
            Optional<Course> course = going(what);
            if (course.isPresent()) {
                course.get().takeBack("taken back by " + door + (why.isBlank() ? "" : ": " + why));
                return course.get().now();
            }
            return deploy(back(what, door), true);
        });
    }

    /** What brings back what was proven before. */
    private Release back(String what, String door) throws RefusedException {
        List<Committed> of = house.journal().set().values().stream().filter(one -> one.name().equals(what) || one.deployment().equals(what)).toList();
        if (of.isEmpty()) {
            throw unknown(what, "deployed");
        }
        List<Change> changes = new ArrayList<>();
        for (Committed one : of) {
            if (one.lastGood().isPresent()) {
                changes.add(new Change.Install(Optional.of(one.name()), Optional.empty(), new Change.Jar.Kept(one.lastGood().get().sha256())));
            } else if (house.swaps().isOfTheBox(one.name())) {
                changes.add(new Change.Remove(one.name()));
            } else {
                throw new RefusedException(one.title() + " has no version before it to go back to; to take it out, remove it");
            }
        }
        return new Release(door, changes, Trial.USUAL, Optional.empty());
    }

    private Optional<Course> going(String what) {
        return going.values().stream().filter(course -> course.id().equals(what) || course.names().contains(what)).reduce((earlier, later) -> later);
    }

    private RefusedException unknown(String what, String how) {
        return new RefusedException("there is no deployment and no bundle '" + io.pantograph.api.model.Names.visible(what) + "' that is " + how
                + "; deployed are " + (house.journal().set().isEmpty() ? "none" : String.join(", ", house.journal().set().keySet())));
    }

    /** On the thread of the steps, where nothing else goes on meanwhile. */
    private Deployment asked(Callable<Deployment> question) throws RefusedException {
        Future<Deployment> answer = house.steps().submit(question);
        try {
            return answer.get(BUSY_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw new RefusedException(refused.getMessage(), refused);
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new RefusedException("the installer has been busy for " + BUSY_S + " s; ask again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.cancel(false);
            throw new RefusedException("it was given up while the installer was busy; ask again", e);
        }
    }

    @Override
    public Optional<String> claim(Course course) {
        for (String name : course.names()) {
            Long other = claimed.get(name);
            if (other != null && other > course.number) {
                return Optional.of(Journal.Numbers.id(other));
            }
        }
        for (Course other : going.values()) {
            if (other.number < course.number && other.names().stream().anyMatch(course.names()::contains)) {
                other.takeBack("superseded by " + course.id());
            }
        }
        course.names().forEach(name -> claimed.put(name, course.number));
        return Optional.empty();
    }

    @Override
    public void ended(Course course) {
        over.put(course.number, course.now());
        while (over.size() > Journal.MOST) {
            over.pollFirstEntry();
        }
        going.remove(course.number);
        claimed.values().removeIf(number -> going.isEmpty() || number < going.firstKey());
        house.staging().keepOnly(house.journal().set().values(), going.values().stream().map(Course::now).toList());
    }

    /** What is on its way is taken out of the framework; the journal has it as unfinished. */
    void close() {
        going.values().forEach(Course::abandon);
    }
}
