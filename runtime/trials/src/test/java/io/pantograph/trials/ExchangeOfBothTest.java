package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.device.Device;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.Target;
import io.pantograph.testkit.Await;
import io.pantograph.trials.both.BothCodec;
import io.pantograph.trials.both.BothHandler;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A bundle that has a codec, a command handler and a property handler is exchanged as one, with the gateway's real rooms and the hub's real
 * messages: what is under way is finished by the version that began it, nothing runs twice, and of a bad version neither half stays.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangeOfBothTest {

    /** Calls that never come in a test. */
    private static final long MANY = 1_000_000;

    private static AzureCloud cloud;
    private static AzureGateway gateway;
    private static Device device;
    private static Deployments deployments;

    private final Queue<String> notes = new ConcurrentLinkedQueue<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Thread> traffic = new ArrayList<>();
    private final Queue<Integer> published = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> answered = new ConcurrentLinkedQueue<>();
    private volatile boolean end;

    @BeforeAll
    static void start() throws Exception {
        cloud = AzureCloud.start();
        gateway = AzureGateway.start(cloud, TestHub.home("both"), Map.of());
        deployments = gateway.box.service(Deployments.class);
        device = gateway.connect(AzureGateway.options("both", cloud.device("both"), cloud.mqtts()));
        gateway.connect(AzureGateway.options("slow", cloud.device("slow"), cloud.mqtts()));
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        cloud.close();
    }

    @BeforeEach
    void notes() {
        System.getProperties().put(BothHandler.NOTES, notes);
        System.getProperties().put(BothHandler.HELD, held);
    }

    @AfterEach
    void release() {
        end = true;
        held.countDown();
        System.clearProperty(BothCodec.WORN);
    }

    private static Trial calls(long number) {
        return new Trial(0, Optional.empty(), 0, OptionalLong.of(number), 0, 0, Optional.empty(), false);
    }

    private static Deployment deploy(long calls, byte[] jar) throws Exception {
        String sha256 = deployments.take(new ByteArrayInputStream(jar));
        return deployments.deploy(new Release("shell", List.of(new Change.Install(Optional.empty(), Optional.empty(), new Change.Jar.Kept(sha256))),
                calls(calls), Optional.empty()));
    }

    private static Deployment now(Deployment one) {
        return deployments.deployment(one.id()).orElseThrow();
    }

    private static Deployment becomes(Deployment one, State state) {
        Await.until(() -> state + " instead of " + now(one), Duration.ofSeconds(30), () -> now(one).state() == state || now(one).state().isEnd());
        assertEquals(state, now(one).state(), () -> now(one).toString());
        return now(one);
    }

    private void traffic(String name, IntConsumer each) {
        Thread thread = new Thread(() -> {
            try {
                for (int n = 0; !end; n++) {
                    each.accept(n);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        }, name);
        traffic.add(thread);
        thread.start();
    }

    private void quiet() throws InterruptedException {
        end = true;
        for (Thread thread : traffic) {
            thread.join(30_000);
            assertFalse(thread.isAlive(), thread.getName() + " does not end");
        }
        assertEquals(null, failure.get(), () -> String.valueOf(failure.get()));
    }

    private void publish(int n) {
        Await.result(device.publish(Telemetry.of("n", Content.of("n", n)).format("both")));
        published.add(n);
    }

    private static CompletionStage<MethodAnswer> command(String device, Values body) {
        return cloud.service.invoke(Target.of(device), MethodCall.of("light").with(body).within(Duration.ofSeconds(60)));
    }

    private void command(int n) {
        MethodAnswer answer = Await.result(command("both", Values.of("n", n)));
        if (answer.status() == 200) { // else a handler that fails has begun and failed
            answered.add(n);
        }
    }

    private List<String> noted(String what) {
        return notes.stream().filter(note -> note.contains(what)).toList();
    }

    /** A command is given to this version, and none to another. */
    private void commandsAreOf(String version) {
        Await.until(() -> "a command for " + version + ": " + notes, Duration.ofSeconds(20), () -> answerer().equals(version));
    }

    private String answerer() {
        return String.valueOf(Await.result(command("slow", Values.of("n", -1))).payload().values().get("by"));
    }

    private static String level() {
        return cloud.reported("both").get("level") instanceof Values level ? level.get("value") + " by " + level.get("ad") : "none";
    }

    private static void until(String level) {
        Await.until(() -> level + " instead of " + level(), Duration.ofSeconds(30), () -> level().equals(level));
    }

    @Test
    void aCodecAndHandlersAreExchangedAsOne() throws Exception {
        becomes(deploy(0, BothJars.jar("1.0.0", false, false)), State.PROVEN);
        cloud.desire("both", Values.of("level", 1));
        until("1 by 1.0.0");
        traffic("telemetry", this::publish);
        traffic("commands", this::command);
        CompletionStage<MethodAnswer> first = command("slow", Values.of("n", -10, "held", true));
        Await.until("a call in hand", () -> noted("begins -10").equals(List.of("1.0.0 begins -10")));

        // While that call is in hand the next version takes over, and is given what is desired.
        Deployment second = deploy(MANY, BothJars.jar("1.1.0", false, false));
        becomes(second, State.PROBATION);
        Await.until("the new handler", () -> !noted("1.1.0 begins").isEmpty());
        until("1 by 1.1.0");
        cloud.desire("both", Values.of("level", 2));
        until("2 by 1.1.0");
        assertEquals(List.of(), noted("ends -10"));
        held.countDown();
        assertEquals("1.0.0", Await.result(first).payload().values().text("by"));
        deployments.promote(second.id(), "shell");
        becomes(second, State.PROVEN);
        commandsAreOf("1.1.0");

        // A codec that wears out takes the handlers back with it.
        Deployment worn = deploy(MANY, BothJars.jar("1.2.0", true, false));
        becomes(worn, State.PROBATION);
        commandsAreOf("1.2.0");
        until("2 by 1.2.0");
        System.setProperty(BothCodec.WORN, "true");
        becomes(worn, State.ROLLED_BACK);
        commandsAreOf("1.1.0");
        until("2 by 1.1.0");
        cloud.desire("both", Values.of("level", 3));
        until("3 by 1.1.0");
        assertEquals(List.of("1.1.0 level 3"), noted("level 3"));
        quiet();

        Set<Integer> sent = new TreeSet<>(published);
        List<Integer> arrived = new ArrayList<>();
        try (var watch = cloud.watch("both", event -> {
            synchronized (arrived) {
                arrived.add(Integer.parseInt(event.body().text().substring(2)));
            }
        })) {
            Await.until(() -> "all of " + sent.size() + ", " + arrived.size() + " are here", Duration.ofSeconds(30), () -> {
                synchronized (arrived) {
                    return arrived.size() >= sent.size();
                }
            });
        }
        assertEquals(published.stream().toList(), arrived);
        Map<String, Long> runs = notes.stream().filter(note -> note.contains(" begins ") && !note.endsWith(" -1"))
                .collect(Collectors.groupingBy(note -> note.substring(note.lastIndexOf(' ')), Collectors.counting()));
        assertEquals(Set.of(1L), Set.copyOf(runs.values()), () -> "some ran twice: " + runs);
        assertEquals(answered.size() + 1, runs.size());
        assertEquals(List.of(), noted("after its end"));
        System.out.println(published.size() + " messages and " + answered.size() + " commands over two exchanges: none lost, none twice; "
                + "begun by 1.0.0 " + noted("1.0.0 begins").size() + ", 1.1.0 " + noted("1.1.0 begins").size() + ", 1.2.0 " + noted("1.2.0 begins").size());
    }

    // The messages alone would have it proven.
    @Test
    void aHandlerThatFailsTakesTheCodecBackWithIt() throws Exception {
        becomes(deploy(0, BothJars.jar("2.0.0", false, false)), State.PROVEN);
        traffic("telemetry", this::publish);
        Deployment bad = deploy(MANY, BothJars.jar("2.1.0", false, true));
        becomes(bad, State.PROBATION);
        CompletionStage<MethodAnswer> call = command("slow", Values.of("n", -20, "held", true));
        Await.until("a call in hand", () -> noted("begins -20").equals(List.of("2.1.0 begins -20")));
        Await.result(command("both", Values.of("n", -21)));
        // The call that it has in hand it finishes, though it has been taken back meanwhile.
        Await.until("the one before to be back", () -> "2.0.0".equals(String.valueOf(
                Await.result(command("both", Values.of("n", -22))).payload().data() instanceof Values said ? said.get("by") : "")));
        held.countDown();
        assertEquals(500, Await.result(call).status());
        assertTrue(becomes(bad, State.ROLLED_BACK).reason().contains("calls of its handlers failed"), now(bad).reason());
        quiet();
        assertEquals(List.of("2.1.0 begins -20"), noted("begins -20"));
        assertEquals(List.of("2.1.0 begins -21"), noted("begins -21"));
        assertEquals(List.of(), noted("after its end"));
    }
}
