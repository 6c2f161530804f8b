package io.pantograph.deploy.stock;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.command.HandlesCommand;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** A handler whose bundle has a codec too, which is no good. */
@Component(service = {Codec.class, CommandHandler.class})
@CodecFormat(format = "lamp")
@HandlesCommand(command = "light")
public final class MeterLamp implements Codec, CommandHandler {

    @Override
    public Bytes encode(Content content) {
        throw new IllegalStateException("no good");
    }

    @Override
    public Content decode(Bytes bytes) {
        throw new IllegalStateException("no good");
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command) {
        return CompletableFuture.completedFuture(CommandResult.accepted());
    }
}
