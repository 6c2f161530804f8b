package io.pantograph.api.hub;

/** What becomes of a login. */
public sealed interface LoginVerdict {

    /** Welcome. */
    record Accepted(HubClient client) implements LoginVerdict {
    }

    /** Refused with this CONNACK code (MQTT 3.1.1, section 3.2.2.3). @param reason one sentence for the hub's log */
    record Refused(Code code, String reason) implements LoginVerdict {
    }

    enum Code {
        BAD_CLIENT_ID(2), UNAVAILABLE(3), BAD_CREDENTIALS(4), NOT_AUTHORIZED(5);

        private final int connack;

        Code(int connack) {
            this.connack = connack;
        }

        public int connack() {
            return connack;
        }
    }
}
