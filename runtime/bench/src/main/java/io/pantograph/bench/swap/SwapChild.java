package io.pantograph.bench.swap;

import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import io.pantograph.testkit.InnerBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The gateway box in this process, two threads that encode, and a codec that is exchanged under them again and again; and for as many
 * stretches of time the same without exchanges. Prints one line {@code result name=value ...}, times in microseconds.
 *
 * <p>Arguments: calls a second of each thread (0: as fast as they can); what comes first, {@code still} or {@code swaps}. System properties:
 * {@code boxes}, and {@code bench.swaps}, how many (200).
 */
public final class SwapChild {

    private static final int CALLERS = 2;
    /** Around a switch, before and after; and as long are the stretches without one. */
    private static final long AROUND = 25_000_000;
    private static final int WARM_SECONDS = 2;
    private static final int WARM_SWAPS = 10;
    private static final int SHADOW_SECONDS = 3;
    private static final long PATIENCE_SECONDS = 60;
    private static final int ALONE = 0;
    private static final int SHADOWED = 1;

    private final int perSecond;
    private final int swaps = Integer.getInteger("bench.swaps", 200);
    private final Path folder = Files.createTempDirectory("bench-swap");
    private final BlockingQueue<Deployment> news = new LinkedBlockingQueue<>();
    private final List<Caller> callers = new ArrayList<>();
    private final Map<String, Object> result = new LinkedHashMap<>();
    private final List<long[]> exchanges = new ArrayList<>();
    private final List<String> exchanged = new ArrayList<>();
    private final List<Deployment> deployed = new ArrayList<>();
    private final Deployments deployments;
    private final Codecs codecs;
    private int version;
    private long still;

    private SwapChild(InnerBox box, int perSecond) throws Exception {
        this.perSecond = perSecond;
        box.context().registerService(DeploymentListener.class, news::add, null);
        deployments = box.service(Deployments.class);
        codecs = box.service(Codecs.class);
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Files.createTempDirectory("bench-gateway").resolve("home");
        try (InnerBox box = InnerBox.start(Path.of(System.getProperty("boxes"), "pantograph-gateway.jar"), home, Map.of())) {
            SwapChild child = new SwapChild(box, Integer.parseInt(arguments[0]));
            child.measure(arguments[1].equals("still"));
            System.out.println("result " + child.result.entrySet().stream().map(one -> one.getKey() + '=' + one.getValue())
                    .collect(Collectors.joining(" ")));
        } catch (Exception | Error e) {
            e.printStackTrace();
            System.exit(1); // the box's threads would keep this process alive
        }
        System.exit(0);
    }

    private void measure(boolean stillFirst) throws Exception {
        deploy(trial(0, 0), State.PROVEN); // nobody calls yet
        CodecRoute route = codecs.route(SwapJars.FORMAT);
        for (int i = 0; i < CALLERS; i++) {
            callers.add(new Caller(i, route, perSecond));
        }
        TimeUnit.SECONDS.sleep(WARM_SECONDS);
        for (int i = 0; i < WARM_SWAPS; i++) {
            deploy(Trial.USUAL, State.PROVEN);
        }
        if (stillFirst) {
            still();
            swaps();
        } else {
            swaps();
            still();
        }
        if (perSecond > 0) {
            shadow();
        }
        for (Caller caller : callers) {
            caller.stop();
        }
        pauses();
        durations();
        if (perSecond > 0) {
            quantiles("alone", kept(ALONE));
            quantiles("shadowed", kept(SHADOWED));
        }
    }

    private void still() throws InterruptedException {
        long before = calls();
        still = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(swaps * 2 * AROUND);
        figure("still.rate", (calls() - before) * 1e9 / (System.nanoTime() - still));
    }

    private void swaps() throws Exception {
        long before = calls();
        long first = System.nanoTime();
        for (int i = 0; i < swaps; i++) {
            Path jar = SwapJars.jar(folder, nextVersion());
            long begin = System.nanoTime();
            deployed.add(deploy(jar, Trial.USUAL, State.PROVEN));
            exchanges.add(new long[] {begin, System.nanoTime()});
            exchanged.add("1." + version + ".0");
        }
        figure("swaps.rate", (calls() - before) * 1e9 / (System.nanoTime() - first));
    }

    /** The same calls, without a shadow and with one. */
    private void shadow() throws Exception {
        keep(ALONE);
        Deployment shadowed = deploy(trial(1_000_000_000, 0), State.SHADOW);
        TimeUnit.SECONDS.sleep(1); // whatever the start of it disturbed
        keep(SHADOWED);
        Deployment ended = deployments.rollback(shadowed.id(), "bench", "it has been measured");
        figure("shadow.copies", ended.parts().get(0).evidence().compared());
    }

    private void keep(int part) throws InterruptedException {
        callers.forEach(caller -> caller.keep(part));
        TimeUnit.SECONDS.sleep(SHADOW_SECONDS);
        callers.forEach(caller -> caller.keep(-1));
    }

    private static Trial trial(long shadowCalls, long calls) {
        return new Trial(shadowCalls, Optional.empty(), 0, OptionalLong.of(calls), 0, 0, Optional.empty(), false);
    }

    private long calls() {
        return callers.stream().mapToLong(Caller::calls).sum();
    }

    private String nextVersion() {
        return "1." + ++version + ".0";
    }

    private Deployment deploy(Trial trial, State until) throws Exception {
        return deploy(SwapJars.jar(folder, nextVersion()), trial, until);
    }

    /** @return as it is when it has come so far */
    private Deployment deploy(Path jar, Trial trial, State until) throws IOException, InterruptedException {
        Change change = new Change.Install(Optional.of(SwapJars.NAME), Optional.empty(), new Change.Jar.Local(jar));
        String id = deployments.deploy(new Release("bench", List.of(change), trial, Optional.empty())).id();
        while (true) {
            Deployment now = news.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            callers.forEach(Caller::check);
            if (now == null) {
                throw new IllegalStateException("nothing new for " + PATIENCE_SECONDS + " s of " + deployments.deployment(id));
            }
            if (now.id().equals(id) && now.state() == until) {
                return now;
            }
            if (now.id().equals(id) && now.state().isEnd()) {
                throw new IllegalStateException("it should be " + until.word() + ": " + now.values());
            }
        }
    }

    // ---- what came of it ----------------------------------------------------------------------------------------------------------------

    private void pauses() {
        double[] atSwitch = new double[swaps];
        double[] during = new double[swaps];
        double[] without = new double[swaps];
        for (int i = 0; i < swaps; i++) {
            long[] whole = exchanges.get(i);
            boolean seen = false;
            for (Caller caller : callers) {
                Long moment = caller.switches().get(exchanged.get(i));
                if (moment != null) {
                    seen = true;
                    atSwitch[i] = Math.max(atSwitch[i], caller.timeline().longest(moment - AROUND, moment + AROUND));
                }
                during[i] = Math.max(during[i], caller.timeline().longest(whole[0], whole[1]));
                long from = still + i * 2 * AROUND;
                without[i] = Math.max(without[i], caller.timeline().longest(from, from + 2 * AROUND));
            }
            if (!seen) {
                throw new IllegalStateException("no message was made by " + exchanged.get(i) + ", though it is proven");
            }
        }
        quantiles("switch", atSwitch);
        quantiles("during", during);
        quantiles("still", without);
    }

    private void durations() {
        quantiles("deploy", each(deployment -> between(deployment.begun(), deployment.ended().orElseThrow())));
        quantiles("verify", each(deployment -> between(deployment.begun(), when(deployment, State.VERIFIED))));
        quantiles("probation", each(deployment -> between(when(deployment, State.PROBATION), deployment.ended().orElseThrow())));
    }

    private double[] each(ToDoubleFunction<Deployment> figure) {
        return deployed.stream().mapToDouble(figure).toArray();
    }

    private static double between(Instant from, Instant to) {
        return Duration.between(from, to).toNanos();
    }

    private static Instant when(Deployment deployment, State state) {
        return deployment.history().stream().filter(step -> step.state() == state).map(Deployment.Step::time).findFirst().orElseThrow();
    }

    private double[] kept(int part) {
        return callers.stream().flatMap(caller -> caller.kept(part).stream()).mapToDouble(Long::doubleValue).toArray();
    }

    private void quantiles(String name, double[] nanos) {
        Arrays.sort(nanos);
        figure(name + ".p50", nanos[nanos.length / 2] / 1e3);
        figure(name + ".p99", nanos[nanos.length * 99 / 100] / 1e3);
        figure(name + ".max", nanos[nanos.length - 1] / 1e3);
    }

    private void figure(String name, double value) {
        result.put(name, String.format(Locale.ROOT, "%.3f", value));
    }
}
