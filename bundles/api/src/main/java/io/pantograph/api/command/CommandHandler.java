package io.pantograph.api.command;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries out one command on a device. Register it as a service; {@link HandlesCommand} says for which commands and devices.
 *
 * <p>Called on a worker thread; commands of one device come one after the other, in the order the hub sent them, those of
 * different devices at the same time. The next command of the device waits until the returned stage completes. Take as long as
 * you like, but not longer than {@link Command#deadline()}: then the hub is told 504 and your answer is dropped.
 *
 * <p>Where the cloud gives commands an identity, a command that the hub repeats reaches you once. An exception thrown, or a
 * failed stage, is told to the hub as 500 and to the {@link io.pantograph.api.listener.DeviceListener}s with the command's
 * name; the connection lives on.
 */
@ConsumerType
@FunctionalInterface
public interface CommandHandler {

    /** @return a stage with the answer; never null */
    CompletionStage<CommandResult> handle(Command command) throws Exception;
}
