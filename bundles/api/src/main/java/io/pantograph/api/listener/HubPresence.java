package io.pantograph.api.listener;

import java.time.Instant;

/**
 * A client came, went, or was refused.
 *
 * @param reason one sentence; empty for a client that came, or went as it should
 */
public record HubPresence(Instant time, Kind kind, String clientId, String reason) {

    public enum Kind { CONNECTED, DISCONNECTED, REFUSED }
}
