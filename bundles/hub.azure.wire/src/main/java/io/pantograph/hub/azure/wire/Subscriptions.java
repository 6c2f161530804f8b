package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import io.pantograph.api.model.Qos;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients that asked for it (CleanSession 0) find subscribed when they come again, after a restart of the hub too. In memory, with a
 * copy in the database that is written soon: a hub that is killed at once may forget the last subscription it acknowledged.
 */
final class Subscriptions {

    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

    private final Database database;
    private final Map<String, Map<Feed, Qos>> kept = new ConcurrentHashMap<>();

    Subscriptions(Database database) {
        this.database = database;
        database.tables("azure_wire", List.of(List.of(
                "CREATE TABLE azure_wire_subscription (client TEXT NOT NULL PRIMARY KEY, feeds TEXT NOT NULL)")));
        kept.putAll(database.<Map<String, Map<Feed, Qos>>>call(connection -> {
            Map<String, Map<Feed, Qos>> all = new ConcurrentHashMap<>();
            try (PreparedStatement ask = connection.prepareStatement("SELECT client, feeds FROM azure_wire_subscription");
                    ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    all.put(rows.getString(1), feeds(rows.getString(2)));
                }
            }
            return all;
        }));
    }

    /** Empty if there is no session. */
    Optional<Map<Feed, Qos>> of(String clientId) {
        return Optional.ofNullable(kept.get(clientId));
    }

    void keep(String clientId, Map<Feed, Qos> feeds) {
        if (!feeds.equals(kept.put(clientId, feeds))) {
            write(clientId, text(feeds));
        }
    }

    void forget(String clientId) {
        if (kept.remove(clientId) != null) {
            write(clientId, null);
        }
    }

    /** Of a device, those of its modules too. */
    void forget(Identity identity) {
        forget(identity.toString());
        if (identity.module().isEmpty()) {
            List.copyOf(kept.keySet()).stream().filter(client -> client.startsWith(identity.device() + '/')).forEach(this::forget);
        }
    }

    private void write(String clientId, String feeds) {
        database.submit(connection -> {
            try (PreparedStatement change = connection.prepareStatement(feeds == null
                    ? "DELETE FROM azure_wire_subscription WHERE client = ?"
                    : "INSERT INTO azure_wire_subscription (client, feeds) VALUES (?, ?) ON CONFLICT (client) DO UPDATE SET feeds = excluded.feeds")) {
                change.setString(1, clientId);
                if (feeds != null) {
                    change.setString(2, feeds);
                }
                return change.executeUpdate();
            }
        }).whenComplete((done, failure) -> {
            if (failure != null) {
                log.error("the subscriptions of {} are not on disk", clientId, failure);
            }
        });
    }

    private static String text(Map<Feed, Qos> feeds) {
        StringJoiner text = new StringJoiner(" ");
        feeds.forEach((feed, qos) -> text.add(feed.name() + '=' + qos.level()));
        return text.toString();
    }

    private static Map<Feed, Qos> feeds(String text) {
        Map<Feed, Qos> feeds = new EnumMap<>(Feed.class);
        for (String each : text.split(" ")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                feeds.put(Feed.valueOf(each.substring(0, equals)), Qos.of(Integer.parseInt(each.substring(equals + 1))));
            }
        }
        return feeds;
    }
}
