package io.pantograph.command;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** A handler that is here, for what it is here, and how many calls it has in hand. */
final class Handler {

    static final Comparator<Handler> ELDER_FIRST =
            Comparator.<Handler>comparingInt(handler -> handler.ranking).reversed().thenComparingLong(handler -> handler.id);

    /** Where the handler itself comes from. */
    interface Source {

        /** @return null if it cannot be had */
        CommandHandler fetch();

        void giveBack(CommandHandler handler);
    }

    private static final String ANY = "*";

    private final Source source;
    private final Set<String> commands;
    private final Set<String> types;
    private final Set<String> names;
    private final int ranking;
    private final long id;
    private volatile CommandHandler handler;
    private int running;
    private boolean leaving;

    Handler(Source source, Map<String, Object> properties) {
        this.source = source;
        commands = texts(properties.get("pantograph.command"));
        types = texts(properties.get("pantograph.device.type"));
        names = texts(properties.get("pantograph.device.name"));
        ranking = properties.get("service.ranking") instanceof Integer given ? given : 0;
        id = id(properties);
    }

    /** {@code service.id} */
    static long id(Map<String, Object> properties) {
        return properties.get("service.id") instanceof Long given ? given : 0;
    }

    long id() {
        return id;
    }

    private static Set<String> texts(Object property) {
        if (property instanceof String text) {
            return Set.of(text);
        }
        if (property instanceof String[] texts && texts.length > 0) {
            return Set.copyOf(List.of(texts));
        }
        if (property instanceof Collection<?> texts && !texts.isEmpty()) {
            return texts.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
        }
        return Set.of(ANY);
    }

    /** How exactly it is meant for this command; negative if not at all. */
    int fit(Command command) {
        int byCommand = fit(commands, command.name());
        int byName = fit(names, command.device().name());
        int byType = fit(types, command.device().type());
        return byCommand < 0 || byName < 0 || byType < 0 ? -1 : 4 * byCommand + 2 * byName + byType;
    }

    private static int fit(Set<String> offered, String wanted) {
        return offered.contains(wanted) ? 1 : offered.contains(ANY) ? 0 : -1;
    }

    /** Takes a call in hand; false when it is leaving. */
    synchronized boolean enter() {
        if (leaving) {
            return false;
        }
        running++;
        return true;
    }

    synchronized void leave() {
        if (--running == 0) {
            notifyAll();
        }
    }

    /** Fetches it before the first command does: for many a component this is what starts it. */
    void prepare() {
        if (enter()) {
            try {
                fetched();
            } finally {
                leave();
            }
        }
    }

    CompletionStage<CommandResult> handle(Command command) throws Exception {
        CommandHandler found = fetched();
        if (found == null) {
            throw new IllegalStateException("its component could not be started");
        }
        return found.handle(command);
    }

    private CommandHandler fetched() {
        CommandHandler found = handler;
        if (found == null) {
            found = source.fetch();
            synchronized (this) {
                if (handler == null) {
                    handler = found;
                    return found;
                }
            }
            if (found != null) {
                source.giveBack(found); // somebody was faster
            }
        }
        return handler;
    }

    /** Takes no more calls; waits for those in hand. @return whether all finished within the grace */
    boolean drain(Duration grace) {
        boolean finished = await(grace);
        CommandHandler done = handler;
        if (done != null) {
            source.giveBack(done);
        }
        return finished;
    }

    private synchronized boolean await(Duration grace) {
        leaving = true;
        long end = System.nanoTime() + grace.toNanos();
        try {
            for (long left = grace.toMillis(); running > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return running == 0;
    }

    @Override
    public String toString() {
        return String.join(", ", commands) + " of " + String.join(", ", types) + '/' + String.join(", ", names);
    }
}
