package io.pantograph.command;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.News;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** The bundle as it is packaged: deployed, used, removed, deployed again. */
class InFrameworkTest {

    @Test
    void handlersComeAndGoWithTheirBundles(@TempDir Path storage) throws Exception {
        try (Felix felix = Felix.start(storage)) {
            felix.context().registerService(News.class, new Silence(), null);
            Bundle room = felix.room("command");
            room.start();
            CommandDispatcher dispatcher = felix.service(CommandDispatcher.class);
            CompletionStage<CommandResult> early = dispatcher.dispatch(command("set-point"));
            assertFalse(early.toCompletableFuture().isDone());

            Bundle author = felix.author("author");
            author.getBundleContext().registerService(CommandHandler.class, command -> completedFuture(CommandResult.accepted()), of("set-point"));
            assertEquals(202, Await.result(early).status());

            // The bundle stops while a call is in its hands: stop() returns when the call has finished, and it counts.
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch gate = new CountDownLatch(1);
            author.getBundleContext().registerService(CommandHandler.class, command -> {
                entered.countDown();
                gate.await();
                return completedFuture(CommandResult.ok());
            }, of("slow"));
            CompletionStage<CommandResult> slow = dispatcher.dispatch(command("slow"));
            CompletionStage<CommandResult> next = dispatcher.dispatch(command("slow"));
            entered.await();
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> stop(author));
            Await.until("the handler is out of the registry", () -> author.getState() == Bundle.STOPPING);
            gate.countDown();
            Await.result(stopping);
            assertEquals(200, Await.result(slow).status());

            felix.author("successor").getBundleContext().registerService(CommandHandler.class, command -> completedFuture(CommandResult.ok()), of("slow"));
            assertEquals(200, Await.result(next).status());

            CompletionStage<CommandResult> unhandled = dispatcher.dispatch(command("unknown"));
            room.stop();
            assertEquals(503, Await.result(unhandled).status());
            room.start();
            assertEquals(200, Await.result(felix.service(CommandDispatcher.class).dispatch(command("slow"))).status());
        }
    }

    /** A gateway whose sessions have the dispatcher, as the real one's do. */
    public static final class House implements Gateway {

        public House(CommandDispatcher dispatcher) {
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
    public static final class Author implements CommandHandler {

        public Author(Gateway gateway) {
            // what it does with it does not matter here
        }

        @Override
        public CompletionStage<CommandResult> handle(Command command) {
            return completedFuture(CommandResult.accepted());
        }
    }

    // The handler wants a gateway, the gateway the dispatcher, and the dispatcher its handlers: whoever comes first, all must get there.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandlerMayHaveAGateway(boolean roomFirst, @TempDir Path storage) throws Exception {
        try (Felix felix = Felix.start(storage)) {
            felix.context().registerService(News.class, new Silence(), null);
            Bundle room = felix.room("command");
            Bundle authors = felix.author("authors", List.of(component(House.class, Gateway.class, CommandDispatcher.class),
                    component(Author.class, CommandHandler.class, Gateway.class)), House.class, Author.class);
            (roomFirst ? room : authors).start();
            (roomFirst ? authors : room).start();
            assertEquals(202, Await.result(felix.service(CommandDispatcher.class).dispatch(command("a"))).status());
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
        } catch (org.osgi.framework.BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Dictionary<String, Object> of(String command) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("pantograph.command", new String[] {command});
        return properties;
    }

    private static Command command(String name) {
        return new Command(UUID.randomUUID().toString(), new DeviceId("thermostat", "t-1"), name, "json", Content.of(null), Instant.now().plusSeconds(60));
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
