package io.pantograph.deploy.stock;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.command.HandlesCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** Starts, and is not made before somebody lets it. */
@Component
@HandlesCommand(command = "light")
public final class StuckLamp implements CommandHandler {

    public StuckLamp() throws InterruptedException {
        while (!Boolean.getBoolean("stock.freed")) {
            Thread.sleep(10);
        }
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command) {
        return CompletableFuture.completedFuture(CommandResult.accepted());
    }
}
