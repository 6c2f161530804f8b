package io.pantograph.command;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.News;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.Names;
import java.time.Clock;
import java.util.concurrent.CompletionException;

/** What becomes of a command that went wrong: its answer to the hub, and the condition for the operator. */
final class Outcomes {

    private final News news;
    private final Clock clock;

    Outcomes(News news, Clock clock) {
        this.news = news;
        this.clock = clock;
    }

    void unhandled(Call call) {
        answer(call, 404, "no handler for " + call.command.name(), Kind.NO_HANDLER,
                "no handler for it came in time; install a bundle with a CommandHandler for it");
    }

    void overflow(Call call, int most) {
        answer(call, 503, "too many commands are waiting", Kind.OVERFLOW,
                most + " commands of this device are waiting already; its handlers are missing or too slow");
    }

    void neverBegun(Call call) {
        answer(call, 504, "the device was busy with earlier commands", Kind.LATE, "it waited for earlier ones until its deadline");
    }

    void late(Call call) {
        answer(call, 504, "the device did not answer in time", Kind.LATE, "its handler did not answer by the deadline");
    }

    void failed(Call call, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        answer(call, 500, "the handler failed", Kind.HANDLER_FAILED, "its handler failed: " + described(cause));
    }

    private void answer(Call call, int status, String message, Kind kind, String detail) {
        if (call.answer(CommandResult.failed(status, message))) {
            news.condition(new Condition(kind, call.command.device(), call.command.name(), call.command.format(), detail, clock.instant()));
        }
    }

    /** Kind and message, and where in the handler's own code: enough to find it, and short. */
    private static String described(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : " '" + Names.visible(cause.getMessage()) + "'")
                + (trace.length == 0 ? "" : " at " + trace[0].getClassName() + ':' + trace[0].getLineNumber());
    }
}
