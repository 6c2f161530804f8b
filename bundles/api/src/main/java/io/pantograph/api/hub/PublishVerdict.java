package io.pantograph.api.hub;

/** What becomes of a message that a client published. */
public sealed interface PublishVerdict {

    /** Give it to whoever subscribed to this topic; never retained. */
    record Route(String topic) implements PublishVerdict {
    }

    /** Acknowledge it; the hub has taken it. */
    record Consumed() implements PublishVerdict {
    }

    /** End the connection; nobody gets the message. */
    record Disconnect(String reason) implements PublishVerdict {
    }
}
