package io.pantograph.command;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.handlers.Handlers;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Handlers without a service registry. */
final class Given {

    private static final Map<CommandHandler, Long> IDS = new IdentityHashMap<>();

    private Given() {
    }

    static synchronized void add(Handlers<CommandHandler> handlers, CommandHandler handler, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(Map.of("service.id", 1000L + IDS.size()));
        all.putAll(properties);
        IDS.put(handler, (Long) all.get("service.id"));
        handlers.add(() -> handler, back -> { }, all);
    }

    static void remove(Handlers<CommandHandler> handlers, CommandHandler handler) {
        long id;
        synchronized (Given.class) {
            id = IDS.get(handler);
        }
        handlers.remove(Map.of("service.id", id));
    }
}
