package io.pantograph.command;

import io.pantograph.api.command.CommandHandler;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Handlers without a service registry. */
final class Given {

    private static final Map<CommandHandler, Long> IDS = new IdentityHashMap<>();

    private Given() {
    }

    static synchronized void add(Handlers handlers, CommandHandler handler, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(Map.of("service.id", 1000L + IDS.size()));
        all.putAll(properties);
        IDS.put(handler, (Long) all.get("service.id"));
        handlers.add(new Handler(new Handler.Source() {
            @Override
            public CommandHandler fetch() {
                return handler;
            }

            @Override
            public void giveBack(CommandHandler given) {
                // nobody counts
            }
        }, all));
    }

    static void remove(Handlers handlers, CommandHandler handler) {
        long id;
        synchronized (Given.class) {
            id = IDS.get(handler);
        }
        handlers.remove(id);
    }
}
