package io.pantograph.bench.load;

/** A device's way to the broker: ours, or a peer's. */
interface Adapter extends AutoCloseable {

    /** Returns when it is connected and subscribed to its commands. */
    void open(Target target) throws Exception;

    /** How many publishes the driver may have open. */
    int window();

    /** Publishes one reading of about 200 bytes; runs {@code done} when it is acknowledged, with QoS 0 when it is sent. */
    void publish(int qos, Runnable done) throws Exception;

    /** From now on answers each command by publishing the event {@code answer} with QoS 1. */
    void answer() throws Exception;

    static Adapter named(String name) {
        return switch (name) {
            case "ours" -> new Ours();
            case "paho" -> new BarePaho();
            default -> throw new IllegalArgumentException("no adapter " + name + "; there are ours and paho");
        };
    }
}
