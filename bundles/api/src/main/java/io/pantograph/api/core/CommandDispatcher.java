package io.pantograph.api.core;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Finds the handler and calls it: commands of one device in order, one at a time. A command that is still without a handler
 * steps aside for those that have one. A handler that does not complete by the deadline is not waited for any longer than that
 * once its method has returned.
 *
 * <p>A command for which there is no handler waits for one until its deadline, at most 1,000 for each device; then it is
 * answered 404, and those over the limit at once with 503. A handler that throws: 500. Late: 504. A failed stage there is not.
 */
@ProviderType
public interface CommandDispatcher {

    /** Takes charge of a command; returns at once. */
    CompletionStage<CommandResult> dispatch(Command command);

    /**
     * As {@link #dispatch(Command)}, but it waits for a handler only this long: somebody waits for the answer, and wants to hear
     * of a missing handler sooner than of a slow one.
     *
     * <p>A command that repeats one in work, by id, name and content, gets the answer of that one; so does one that repeats what was
     * answered lately (the last 200 of a device, for 10 minutes). Nothing runs twice. One that was never begun, such as for want of
     * a handler, is tried again. The same holds for {@link #dispatch(Command)}.
     */
    default CompletionStage<CommandResult> dispatch(Command command, Duration handlerPatience) {
        return dispatch(command);
    }
}
