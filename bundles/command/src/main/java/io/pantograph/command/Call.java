package io.pantograph.command;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.handlers.Handler;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A command that we have taken charge of, until it is answered. Its lane guards all but the answer. */
final class Call {

    final Command command;
    final CompletableFuture<CommandResult> answer = new CompletableFuture<>();

    /** Until when it waits for a handler; its deadline at the latest. */
    final Instant handlerEnd;

    /** A handler was given it, or was about to be: it must not be done again. */
    volatile boolean begun;

    /** When its handler was called, by {@link System#nanoTime}. */
    long since;

    /** What came of it has been put to the handler's account. */
    private boolean counted;

    /** Who has it in hand; null while it waits and after it was let go. */
    Handler<CommandHandler> handler;

    /** The handler's method has returned, though its stage may be incomplete. */
    boolean returned;

    Call(Command command, Instant handlerEnd) {
        this.command = command;
        this.handlerEnd = handlerEnd;
    }

    /** Puts to the handler's account what came of it; the first time counts. */
    synchronized void count(Handler<CommandHandler> handler, boolean failed) {
        if (!counted && handler != null) {
            counted = true;
            handler.did(System.nanoTime() - since, failed);
        }
    }

    /** @return whether this was the first answer */
    boolean answer(CommandResult result) {
        return answer.complete(result);
    }

    boolean answered() {
        return answer.isDone();
    }
}
