package io.pantograph.trials.both;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.api.twin.DesiredResult;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The handlers of a bundle that has a codec too. What they do they note where the test sees it, which is of another class loader. */
public final class BothHandler implements CommandHandler, DesiredHandler {

    /** System properties: a queue of notes, and the latch for which a call waits that is to be held. */
    public static final String NOTES = "trials.both.notes";
    public static final String HELD = "trials.both.held";

    private volatile String version;
    private volatile boolean fails;
    private volatile boolean gone;

    public void activate(Map<String, Object> properties) {
        version = String.valueOf(properties.get("version"));
        fails = Boolean.parseBoolean(String.valueOf(properties.get("fails")));
    }

    public void deactivate() {
        gone = true;
    }

    @SuppressWarnings("unchecked")
    private void note(String what) {
        ((Queue<String>) System.getProperties().get(NOTES)).add(version + ' ' + what + (gone ? " after its end" : ""));
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command) throws Exception {
        long n = command.arguments().integer("n");
        note("begins " + n);
        if (command.arguments().containsKey("held")) {
            ((CountDownLatch) System.getProperties().get(HELD)).await(30, TimeUnit.SECONDS);
        }
        note("ends " + n);
        if (fails) {
            throw new IllegalStateException("this handler fails");
        }
        return CompletableFuture.completedFuture(CommandResult.ok(Values.of("n", n, "by", version)));
    }

    @Override
    public CompletionStage<DesiredResult> handle(Desired desired) {
        note("level " + desired.value());
        return CompletableFuture.completedFuture(DesiredResult.applied(version));
    }
}
