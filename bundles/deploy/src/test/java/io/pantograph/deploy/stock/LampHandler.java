package io.pantograph.deploy.stock;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.command.HandlesCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** Does what it is told. */
@Component
@HandlesCommand(command = "light")
public final class LampHandler implements CommandHandler {

    @Override
    public CompletionStage<CommandResult> handle(Command command) {
        return CompletableFuture.completedFuture(CommandResult.accepted());
    }
}
