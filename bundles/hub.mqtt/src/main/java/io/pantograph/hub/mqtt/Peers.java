package io.pantograph.hub.mqtt;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that are logged in, by session. */
final class Peers {

    private final Map<String, Peer> bySession = new ConcurrentHashMap<>();

    void arrived(Peer peer) {
        bySession.put(peer.client().session(), peer);
    }

    void left(Peer peer) {
        bySession.remove(peer.client().session(), peer);
    }

    Optional<Peer> of(String session) {
        return Optional.ofNullable(bySession.get(session));
    }

    Collection<Peer> all() {
        return bySession.values();
    }
}
