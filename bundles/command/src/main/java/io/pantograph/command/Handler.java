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

    private static final String ANY = "*";

    private final CommandHandler handler;
    private final Set<String> commands;
    private final Set<String> types;
    private final Set<String> names;
    private final int ranking;
    private final long id;
    private int running;
    private boolean leaving;

    Handler(CommandHandler handler, Map<String, Object> properties) {
        this.handler = handler;
        commands = texts(properties.get("pantograph.command"));
        types = texts(properties.get("pantograph.device.type"));
        names = texts(properties.get("pantograph.device.name"));
        ranking = properties.get("service.ranking") instanceof Integer given ? given : 0;
        id = properties.get("service.id") instanceof Long given ? given : 0;
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

    boolean is(CommandHandler other) {
        return handler == other;
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

    CompletionStage<CommandResult> handle(Command command) throws Exception {
        return handler.handle(command);
    }

    /** Takes no more calls; waits for those in hand. @return whether all finished within the grace */
    synchronized boolean drain(Duration grace) {
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
