package io.pantograph.hub;

import io.pantograph.api.hub.Departure;

/** Why a connection ended, in the numbers of Watson's monitoring messages. */
enum CloseCode {
    NORMAL(0, ""),
    CLIENT(91, "The connection was closed by the client or the network."),
    SHUTDOWN(93, "The server is shutting down."),
    ADMIN(94, "The connection was closed by an administrator."),
    BAD_DATA(105, "The client sent data that is not MQTT."),
    TIMEOUT(160, "The connection timed out."),
    CLIENT_ID(166, "The client id is not valid."),
    UNAVAILABLE(167, "The service is not available."),
    NOT_AUTHORIZED(180, "The client is not authorised."),
    TOPIC(276, "The topic is not valid for this client."),
    TOO_LARGE(287, "The message is too large."),
    TAKEN_OVER(288, "The client id was used by another connection.");

    private final int number;
    private final String text;

    CloseCode(int number, String text) {
        this.number = number;
        this.text = text;
    }

    int number() {
        return number;
    }

    String text() {
        return text;
    }

    static CloseCode of(Departure.Cause cause) {
        return switch (cause) {
            case CLIENT -> NORMAL;
            case NETWORK -> CLIENT;
            case TIMEOUT -> TIMEOUT;
            case TAKEN_OVER -> TAKEN_OVER;
            case RULE -> TOPIC;
            case TOO_LARGE -> TOO_LARGE;
            case PROTOCOL -> BAD_DATA;
            case ADMIN -> ADMIN;
            case SHUTDOWN -> SHUTDOWN;
        };
    }
}
