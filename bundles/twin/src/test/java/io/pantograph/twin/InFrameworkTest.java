package io.pantograph.twin;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.core.News;
import io.pantograph.api.core.Twins;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** The bundle as it is packaged: deployed, used, removed, deployed again. */
class InFrameworkTest {

    private static final DeviceId DEVICE = new DeviceId("thermostat", "t-1");

    private final List<String> written = new CopyOnWriteArrayList<>();

    /** Connects the twin to a hub that answers every read with this, and takes every write. */
    private void connect(DeviceTwin twin, String desired) {
        twin.connected(new PlainGrammar(), frame -> {
            String[] topic = frame.topic().split("/");
            if (topic[0].equals("get")) {
                twin.answered(new Inbound.Answer(topic[1], 200, OptionalLong.empty(),
                        Bytes.utf8("{\"desired\":" + desired + ",\"reported\":{\"v\":1}}")));
            } else {
                written.add(frame.payload().text());
                twin.answered(new Inbound.Answer(topic[1], 204, OptionalLong.of(2), Bytes.EMPTY));
            }
            return completedFuture(null);
        });
    }

    private static Felix start(Path storage) throws Exception {
        Felix felix = Felix.start(storage);
        felix.context().registerService(News.class, new Silence(), null);
        felix.context().registerService(Codecs.class, JsonCodec.codecs(() -> true), null);
        return felix;
    }

    @Test
    void theRoomComesAndGoes(@TempDir Path storage) throws Exception {
        try (Felix felix = start(storage)) {
            Bundle room = felix.room("twin");
            room.start();
            DeviceTwin twin = felix.service(Twins.class).of(DEVICE);
            assertEquals(twin, felix.service(Twins.class).of(DEVICE));
            connect(twin, "{\"v\":3,\"a\":1}");
            Await.result(twin.report(Optional.empty(), Values.of("r", 1)));
            assertEquals(3, Await.result(twin.read()).desiredVersion());
            twin.disconnected();
            CompletionStage<Void> waiting = twin.report(Optional.empty(), Values.of("r", 2));
            room.stop();
            assertEquals(Reason.CLOSED, Await.failure(DeliveryException.class, waiting).reason());
            Await.until("no thread to be left behind", () -> threads() == 0);

            room.start();
            DeviceTwin again = felix.service(Twins.class).of(DEVICE);
            connect(again, "{\"v\":3,\"a\":1}");
            Await.result(again.report(Optional.empty(), Values.of("r", 3)));
            assertEquals(List.of("{\"r\":1}", "{\"r\":3}"), written);
            again.close();
            assertFalse(again == felix.service(Twins.class).of(DEVICE), "closed is closed; the next is another");
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.isAlive() && thread.getName().startsWith("pantograph-twin")).count();
    }

    @Test
    void handlersComeAndGoWithTheirBundles(@TempDir Path storage) throws Exception {
        try (Felix felix = start(storage)) {
            felix.room("twin").start();
            DeviceTwin twin = felix.service(Twins.class).of(DEVICE);
            connect(twin, "{\"v\":3,\"a\":1}");
            Await.result(twin.read());

            // The bundle stops while a value is in its hands: stop() returns when the answer is there, and it counts.
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch gate = new CountDownLatch(1);
            Bundle author = felix.author("author");
            author.getBundleContext().registerService(DesiredHandler.class, desired -> {
                entered.countDown();
                gate.await();
                return completedFuture(DesiredResult.applied());
            }, of("a"));
            entered.await();
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> stop(author));
            Await.until("the bundle is stopping", () -> author.getState() == Bundle.STOPPING);
            gate.countDown();
            Await.result(stopping);
            Await.until("its answer is reported", () -> written.contains("{\"a\":{\"value\":1,\"ac\":200,\"av\":3}}"));

            twin.changed(new Inbound.Changed(OptionalLong.empty(), Bytes.utf8("{\"v\":4,\"a\":2}")));
            felix.author("successor").getBundleContext().registerService(DesiredHandler.class, desired -> completedFuture(DesiredResult.applied("new")), of("a"));
            Await.until("what waited is given to the next", () -> written.contains("{\"a\":{\"value\":2,\"ac\":200,\"av\":4,\"ad\":\"new\"}}"));
        }
    }

    /** A gateway whose devices have their twins of us, as the real one's do. */
    public static final class House implements Gateway {

        public House(Twins twins) {
            // what it is for does not matter here
        }

        @Override
        public Device attach(DeviceId device) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Device connect(DeviceOptions options) {
            throw new UnsupportedOperationException();
        }
    }

    /** A handler with a gateway, as most have. */
    public static final class Author implements DesiredHandler {

        public Author(Gateway gateway) {
            // what it does with it does not matter here
        }

        @Override
        public CompletionStage<DesiredResult> handle(Desired desired) {
            return completedFuture(DesiredResult.applied());
        }
    }

    // The handler wants a gateway, the gateway the twins, and the twins their handlers: whoever comes first, all must get there.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandlerMayHaveAGateway(boolean roomFirst, @TempDir Path storage) throws Exception {
        try (Felix felix = start(storage)) {
            Bundle room = felix.room("twin");
            Bundle authors = felix.author("authors", List.of(component(House.class, Gateway.class, Twins.class),
                    component(Author.class, DesiredHandler.class, Gateway.class)), House.class, Author.class);
            (roomFirst ? room : authors).start();
            (roomFirst ? authors : room).start();
            connect(felix.service(Twins.class).of(DEVICE), "{\"v\":3,\"a\":1}");
            Await.until("the answer is reported", () -> written.contains("{\"a\":{\"value\":1,\"ac\":200,\"av\":3}}"));
        }
    }

    private static String component(Class<?> of, Class<?> offers, Class<?> needs) {
        return """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%1$s" init="1">
                  <service><provide interface="%2$s"/></service>
                  <reference name="it" interface="%3$s" parameter="0"/>
                  <implementation class="%1$s"/>
                </scr:component>
                """.formatted(of.getName(), offers.getName(), needs.getName());
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Dictionary<String, Object> of(String property) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("pantograph.property", new String[] {property});
        return properties;
    }

    private static final class Silence implements News {

        @Override
        public void status(DeviceId device, DeviceStatus status) {
            // nobody asks
        }

        @Override
        public void condition(Condition condition) {
            // nobody asks
        }

        @Override
        public long count(Condition.Kind kind) {
            return 0;
        }
    }
}
