package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.OutboundMessage;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.Target;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.FaultProxy;
import io.pantograph.testkit.KeyPairs;
import io.pantograph.testkit.Ledger;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceRegistration;

/**
 * Ledgers of an Azure device: what the hub acknowledged is in its log, in order, and both ends of a twin agree, whatever happens in
 * between. The short form takes some seconds each; with {@code -Dtrials.long=true} each takes as long as the faults do in the field.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureLossTest {

    private static final boolean LONG = Boolean.getBoolean("trials.long");

    private static AzureCloud cloud;
    private static AzureGateway gateway;
    private static int count;

    private final String id = "loss-" + ++count;
    private String key;
    private FaultProxy link;
    private Device device;
    private final List<ServiceRegistration<?>> handlers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        cloud = AzureCloud.start();
        gateway = AzureGateway.start(cloud);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        cloud.close();
    }

    @BeforeEach
    void register() {
        key = cloud.device(id);
        link = new FaultProxy(AzureCloud.HOST, cloud.mqtts());
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
        handlers.forEach(ServiceRegistration::unregister);
        link.close();
    }

    private DeviceOptions options() {
        return AzureGateway.options(id, key, link.port());
    }

    private void isBack() {
        Await.until(() -> "it to be connected: " + device.status(), Duration.ofSeconds(60), () -> device.status().state() == State.CONNECTED);
    }

    private static void sleep(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis); // the time between two faults
    }

    private static void atLeast(int wanted, Ledger ledger) {
        assertTrue(ledger.promised() > wanted, "hardly any load: " + ledger);
    }

    @Test
    void theLinkIsCutEverySecond() throws Exception {
        int cuts = LONG ? 60 : 10;
        device = gateway.connect(options());
        AzureLoad load = AzureLoad.start(cloud, device, 2);
        for (int i = 0; i < cuts; i++) {
            sleep(1_000);
            link.cut();
        }
        Ledger ledger = load.settle();
        System.out.println("Azure, " + cuts + " cuts, one every second: " + ledger);
        assertEquals(0, ledger.outOfOrder());
        atLeast(1_000, ledger);
    }

    @Test
    void theHubIsRestartedAndKilledUnderLoad() throws Exception {
        int rounds = LONG ? 5 : 1;
        device = gateway.connect(options());
        AzureLoad load = AzureLoad.start(cloud, device, 2);
        for (int i = 0; i < rounds; i++) {
            sleep(1_500);
            cloud.stop();
            cloud.startAgain();
            isBack();
            sleep(1_500);
            cloud.kill();
            cloud.startAgain();
            isBack();
        }
        Ledger ledger = load.settle();
        System.out.println("Azure, " + rounds + " restarts and " + rounds + " kills of the hub: " + ledger);
        assertEquals(0, ledger.outOfOrder());
        atLeast(1_000, ledger);
    }

    // Tokens are renewed at 80 % of their life by connecting anew; nobody is to notice.
    @Test
    void tokensAreRenewedAndNothingIsLostRepeatedOrOvertaken() throws Exception {
        int life = LONG ? 60 : 10;
        int renewals = LONG ? 5 : 2;
        device = gateway.connect(options().with("sas-life-s", life));
        AzureLoad load = AzureLoad.start(cloud, device, 2);
        Await.until(() -> "renewals, not " + link.accepted(), Duration.ofSeconds(life * renewals + 10L), () -> link.accepted() > renewals);
        isBack();
        sleep(500);
        Ledger ledger = load.settle();
        System.out.println("Azure, " + renewals + " renewals of tokens that live " + life + " s: " + ledger);
        assertEquals(renewals + 1, link.accepted());
        assertEquals(0, ledger.duplicated());
        assertEquals(0, ledger.outOfOrder());
        atLeast(1_000, ledger);
    }

    @Test
    void bothTwinsAgreeWhateverIsLostOnTheWay() throws Exception {
        int rounds = LONG ? 60 : 12;
        Map<String, Object> had = new ConcurrentHashMap<>();
        AtomicInteger older = new AtomicInteger();
        Map<String, Long> versions = new ConcurrentHashMap<>();
        DesiredHandler taking = wanted -> {
            if (versions.merge(wanted.property(), wanted.version(), Math::max) > wanted.version()) {
                older.incrementAndGet();
            }
            had.put(wanted.property(), wanted.value());
            return CompletableFuture.completedFuture(DesiredResult.applied());
        };
        handlers.add(gateway.desired(Map.of("pantograph.device.name", id), taking));
        device = gateway.connect(options());
        List<CompletionStage<Void>> reports = new ArrayList<>();
        Map<String, Object> said = new ConcurrentHashMap<>();
        int n = 0;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 20; i++, n++) {
                said.put("r" + n % 7, n);
                reports.add(device.report(Values.of("r" + n % 7, n)));
                if (i % 4 == 0) {
                    cloud.desire(id, Values.of("w" + n % 3, n));
                }
            }
            if (round % 3 == 2) {
                link.silence(round % 2 == 0 ? FaultProxy.Silence.ANSWERS : FaultProxy.Silence.BOTH);
                sleep(150);
                reports.add(device.report(Values.of("silent", round)));
                said.put("silent", round);
            }
            sleep(150);
            link.cut();
            link.silence(FaultProxy.Silence.NONE);
        }
        for (CompletionStage<Void> report : reports) {
            Await.result(report);
        }
        Values wanted = AzureCloud.plain(cloud.twin(id).values("properties").values("desired"));
        Await.until(() -> "the device to have " + wanted + ", not " + had, Duration.ofSeconds(30), () -> Values.of(had).equals(wanted));
        Await.until(() -> "the answers: " + cloud.reported(id), Duration.ofSeconds(30), () -> wanted.entrySet().stream().allMatch(each ->
                cloud.reported(id).get(each.getKey()) instanceof Values answer && each.getValue().equals(answer.get("value"))));
        Values reported = AzureCloud.plain(cloud.reported(id));
        Twin twin = Await.result(device.twin());
        System.out.println("Azure, " + rounds + " cuts and silences under twins: " + reports.size() + " reports, all completed, in "
                + (twin.reportedVersion() - 1) + " writes; " + (twin.desiredVersion() - 1) + " wishes; " + older.get() + " older ones applied");
        assertEquals(0, older.get());
        said.forEach((name, value) -> assertEquals(value, reported.get(name), name));
        assertEquals(wanted, twin.desired());
        assertEquals(reported, twin.reported());
    }

    @Test
    void aThousandReportsThatWaitForTheLinkBecomeAFew() throws Exception {
        device = gateway.connect(options());
        Await.result(device.report(Values.of("before", 1)));
        link.refuse(true);
        link.cut();
        List<CompletionStage<Void>> reports = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            reports.add(device.report(Values.of("p" + i % 10, i)));
        }
        long before = cloud.reported(id).integer("$version");
        link.refuse(false);
        for (CompletionStage<Void> report : reports) {
            Await.result(report);
        }
        Values reported = cloud.reported(id);
        long writes = reported.integer("$version") - before;
        System.out.println("Azure, 1,000 reports over a reconnect: all completed, in " + writes + " writes");
        for (int i = 0; i < 10; i++) {
            assertEquals(990 + i, reported.get("p" + i));
        }
        assertTrue(writes <= 3, writes + " writes");
    }

    @Test
    void reconnectsLeaveNoThreadBehind() throws Exception {
        int times = LONG ? 500 : 50;
        device = gateway.connect(options());
        for (int i = 0; i < 5; i++) {
            again();
        }
        Set<Long> before = threads();
        int connections = link.accepted();
        for (int i = 0; i < times; i++) {
            again();
        }
        Await.until(() -> "as few threads as before; more are " + more(before), Duration.ofSeconds(30), () -> threads().size() <= before.size());
        System.out.println("Azure, " + (link.accepted() - connections) + " reconnects: " + before.size() + " threads before, " + threads().size() + " after");
        assertTrue(link.accepted() - connections >= times);
    }

    private void again() {
        int connections = link.accepted();
        link.cut();
        Await.until("it to come again", Duration.ofSeconds(60), () -> link.accepted() > connections && device.status().state() == State.CONNECTED);
        Await.result(device.publish(Telemetry.of("n", Content.of("n", connections))));
    }

    /** The gateway's, not those of the proxy and the test. */
    private static Set<Long> threads() {
        return gatewayThreads().map(Thread::getId).collect(Collectors.toCollection(TreeSet::new));
    }

    private static java.util.stream.Stream<Thread> gatewayThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> !thread.getName().startsWith("fault-proxy-")
                && !thread.getName().startsWith("pantograph-service") && !thread.getName().startsWith("HttpClient") && !thread.getName().startsWith("junit"));
    }

    private static List<String> more(Set<Long> before) {
        return gatewayThreads().filter(thread -> !before.contains(thread.getId())).map(Thread::getName).sorted().toList();
    }

    @Test
    void messagesToTheDeviceAreHandledInOrderOverCuts() throws Exception {
        int messages = LONG ? 1_000 : 150;
        Ledger ledger = new Ledger();
        handlers.add(gateway.commands(id, "message", command -> {
            ledger.received(Integer.parseInt(command.properties().get("message-id")));
            return CompletableFuture.completedFuture(CommandResult.ok());
        }));
        device = gateway.connect(options());
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < messages; i++) {
                send(i);
                ledger.promised(i);
            }
        });
        int cuts = 0;
        for (; !sending.isDone() || ledger.lost() > 0; cuts++) {
            assertTrue(cuts < 200, "no end: " + ledger);
            sleep(500);
            link.cut();
        }
        Await.result(sending);
        Await.until("the queue to be empty", () -> cloud.twin(id).integer("cloudToDeviceMessageCount") == 0);
        Map<String, Integer> feedback = new ConcurrentHashMap<>();
        Await.until(() -> "feedback of each: " + feedback, Duration.ofSeconds(40), () -> {
            feedback(feedback);
            return feedback.values().stream().mapToInt(Integer::intValue).sum() >= messages;
        });
        System.out.println("Azure, messages to the device over " + cuts + " cuts: " + ledger + "; feedback " + feedback);
        assertEquals(messages, ledger.promised());
        assertEquals(0, ledger.outOfOrder());
        assertEquals(Map.of("Success", messages), feedback);
    }

    private void send(int n) {
        OutboundMessage message = OutboundMessage.of("number " + n).system("message-id", String.valueOf(n)).system("iothub-ack", "full");
        while (true) {
            try {
                cloud.service.send(Target.of(id), message).toCompletableFuture().join();
                return;
            } catch (java.util.concurrent.CompletionException e) {
                if (!(e.getCause() instanceof ServiceException full) || !full.error().equals("DeviceMaximumQueueDepthExceeded")) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20); // 50 wait already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void feedback(Map<String, Integer> counted) {
        try {
            HttpResponse<String> answer = cloud.rest("GET", "/messages/serviceBound/feedback?api-version=2021-04-12", null);
            if (answer.statusCode() == 200) {
                for (String record : answer.body().split("\\},\\{")) {
                    if (record.contains("\"deviceId\":\"" + id + '"')) {
                        counted.merge(record.replaceAll("(?s).*\"statusCode\":\"(\\w+)\".*", "$1"), 1, Integer::sum);
                    }
                }
                String lock = answer.headers().firstValue("ETag").orElseThrow().replace("\"", "");
                assertEquals(204, cloud.rest("DELETE", "/messages/serviceBound/feedback/" + lock + "?api-version=2021-04-12", null).statusCode());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // Whatever the hub has said yes to is there after kill -9.
    @Test
    void whatTheHubHasTakenSurvivesAKill() throws Exception {
        int rounds = LONG ? 10 : 2;
        device = gateway.connect(options()); // it subscribes, so that messages are kept for it
        device.close();
        AtomicInteger made = new AtomicInteger();
        for (int round = 0; round < rounds; round++) {
            int each = 20;
            for (int i = 0; i < each; i++) {
                int n = made.getAndIncrement();
                cloud.device(id + "-made-" + n);
                cloud.desire(id, Values.of("n", n));
                Await.result(cloud.service.send(Target.of(id), OutboundMessage.of("m").system("message-id", String.valueOf(n))));
            }
            cloud.kill();
            cloud.startAgain();
        }
        for (int n = 0; n < made.get(); n++) {
            Await.result(cloud.service.registry().find(Target.of(id + "-made-" + n)));
        }
        Values twin = cloud.twin(id);
        assertEquals(Values.of("n", made.get() - 1), AzureCloud.plain(twin.values("properties").values("desired")));
        assertEquals(made.get(), (int) twin.integer("cloudToDeviceMessageCount"));
        Ledger ledger = new Ledger();
        handlers.add(gateway.commands(id, "message", command -> {
            ledger.received(Integer.parseInt(command.properties().get("message-id")));
            return CompletableFuture.completedFuture(CommandResult.ok());
        }));
        for (int n = 0; n < made.get(); n++) {
            ledger.promised(n);
        }
        device = gateway.connect(options());
        Await.until(() -> "all messages: " + ledger, Duration.ofSeconds(30), () -> ledger.lost() == 0);
        System.out.println("Azure, " + rounds + " kills of the hub: " + made + " devices, wishes and messages, all there; messages: " + ledger);
        assertEquals(0, ledger.outOfOrder());
        assertEquals(0, ledger.duplicated());
    }

    @Test
    void anAnswerAfterTheDeadlineIsDroppedAndTheNextOneIsHeard() throws Exception {
        CompletableFuture<CommandResult> late = new CompletableFuture<>();
        handlers.add(gateway.commands(id, "late", command -> late));
        handlers.add(gateway.commands(id, "next", command -> CompletableFuture.completedFuture(CommandResult.ok())));
        device = gateway.connect(options().with("method-patience-s", 1));
        assertEquals(504, Await.result(cloud.service.invoke(Target.of(id), MethodCall.of("late"))).status(), "the device gives up first and says so");
        late.complete(CommandResult.ok());
        for (int i = 0; i < 20; i++) {
            assertEquals(200, Await.result(cloud.service.invoke(Target.of(id), MethodCall.of("next"))).status());
        }
    }

    // A call whose connection is cut before the answer is answered over the next one, and runs once.
    @Test
    void callsAreHandledOnceOverCuts() throws Exception {
        int calls = LONG ? 100 : 12;
        Map<Object, Integer> ran = new ConcurrentHashMap<>();
        handlers.add(gateway.commands(id, "slow", command -> {
            ran.merge(command.content().data(), 1, Integer::sum);
            CompletableFuture<CommandResult> answer = new CompletableFuture<>();
            return answer.completeOnTimeout(new CommandResult(200, command.content()), 300, TimeUnit.MILLISECONDS);
        }));
        device = gateway.connect(options());
        int answered = 0;
        for (int i = 0; i < calls; i++) {
            isBack();
            CompletableFuture<?> answer = cloud.service.invoke(Target.of(id), MethodCall.of("slow").with(i).within(Duration.ofSeconds(10))
                    .waitingFor(Duration.ofSeconds(10))).toCompletableFuture();
            int n = i;
            Await.until("the call to begin", () -> ran.containsKey(n) || answer.isDone());
            link.cut();
            answered += answer.handle((done, failure) -> failure == null ? 1 : 0).get(30, TimeUnit.SECONDS);
        }
        System.out.println("Azure, " + calls + " calls with the link cut before the answer: " + answered + " answered, each handled once");
        assertEquals(calls, answered);
        assertEquals(Set.of(1), Set.copyOf(ran.values()));
    }

    // What TCP would keep in order a hub may say in any: patches twice, late, and the older after the younger; calls twice.
    @Test
    void aRudeHubIsNotBelievedTwice() throws Exception {
        KeyPairs keys = new KeyPairs(TestHub.home("rude")).make("rude", "rude hub", "-ext", "san=ip:127.0.0.1", "-ext", "bc:c");
        Path trusted = gateway.home.resolve("conf").resolve("ca.pem");
        String before = Files.readString(trusted);
        Files.writeString(trusted, before + keys.certificate("rude"));
        AtomicInteger writes = new AtomicInteger();
        try (RudeHub hub = new RudeHub(keys.server(), said -> {
            String rid = said.topic().substring(said.topic().indexOf('=') + 1);
            if (said.topic().startsWith("$iothub/twin/GET/")) {
                String twin = "{\"desired\":{\"a\":5,\"$version\":5},\"reported\":{\"$version\":1}}";
                return new String[] {"$iothub/twin/res/200/?$rid=" + rid, twin, "$iothub/twin/res/200/?$rid=" + rid, twin};
            }
            if (said.topic().startsWith("$iothub/twin/PATCH/")) {
                String done = "$iothub/twin/res/204/?$rid=" + rid + "&$version=" + (1 + writes.incrementAndGet());
                return new String[] {done, "", done, ""};
            }
            return new String[0];
        })) {
            List<Object> wanted = Collections.synchronizedList(new ArrayList<>());
            handlers.add(gateway.desired(Map.of("pantograph.device.name", id), desired -> {
                wanted.add(desired.value());
                return CompletableFuture.completedFuture(DesiredResult.applied());
            }));
            AtomicInteger ran = new AtomicInteger();
            handlers.add(gateway.commands(id, "once", command -> {
                ran.incrementAndGet();
                return CompletableFuture.completedFuture(CommandResult.ok());
            }));
            device = gateway.connect(AzureGateway.options(id, key, hub.port()));
            Await.until(() -> "the first value: " + wanted, Duration.ofSeconds(30), () -> wanted.contains(5));
            for (int version : new int[] {7, 6, 7, 5, 4, 8, 8, 6}) {
                hub.say("$iothub/twin/PATCH/properties/desired/?$version=" + version, "{\"a\":" + version + ",\"$version\":" + version + "}");
            }
            for (int i = 0; i < 2; i++) {
                hub.say("$iothub/methods/POST/once/?$rid=42", "{}");
            }
            Await.until(() -> "the last value: " + wanted, Duration.ofSeconds(30), () -> wanted.contains(8));
            Await.until("an answer", () -> hub.heard.stream().anyMatch(said -> said.topic().equals("$iothub/methods/res/200/?$rid=42")));
            hub.say("$iothub/methods/res/POST/nonsense", "?");
            Await.result(device.publish(Telemetry.of("still", Content.of("here", true))));
            List<Object> sorted = wanted.stream().sorted().toList();
            System.out.println("Azure, a rude hub: wished 5, then 7 6 7 5 4 8 8 6; applied " + wanted + "; a call said twice ran " + ran + " times");
            assertEquals(sorted, List.copyOf(wanted));
            assertEquals(Set.copyOf(wanted).size(), wanted.size(), "applied twice: " + wanted);
            assertEquals(1, ran.get());
        } finally {
            Files.writeString(trusted, before);
        }
    }
}
