package io.pantograph.command;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.News;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        return new Command("1", new DeviceId("thermostat", "t-1"), name, "json", Content.of(null), Instant.now().plusSeconds(60));
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
