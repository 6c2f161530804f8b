package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Identity;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who is connected: of each identity the newest connection. */
final class Connections {

    private final Map<Identity, Connection> present = new ConcurrentHashMap<>();

    void arrived(Connection connection) {
        present.put(connection.identity(), connection);
    }

    /** @return false if a newer one has taken its place */
    boolean left(Connection connection) {
        return present.remove(connection.identity(), connection);
    }

    Optional<Connection> of(Identity identity) {
        return Optional.ofNullable(present.get(identity));
    }

    boolean isPresent(Connection connection) {
        return present.get(connection.identity()) == connection;
    }

    Collection<Connection> all() {
        return present.values();
    }
}
