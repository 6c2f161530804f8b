package io.pantograph.bench.azure;

import java.util.List;

/** Devices of one client library in one process: ours, or a peer's. */
public interface Devices extends AutoCloseable {

    /** About 200 bytes, the same for all. */
    String BODY = "{\"celsius\":21.53,\"humidity\":48.2,\"pressure\":1013.25,\"serial\":\"A-12345678\",\"running\":true,"
            + "\"count\":123456,\"mode\":\"auto\",\"setPoint\":22.0,\"valve\":0.37,\"alarm\":null,\"room\":\"boiler 2\",\"power\":1834}";

    /** Opens these as well, as the library's users would; returns when all are connected. */
    void open(List<String> connectionStrings) throws Exception;

    /** How many messages the driver may have open. */
    int window();

    /** Sends one message from the device that was opened first; runs {@code done} when it is acknowledged. */
    void publish(Runnable done) throws Exception;

    /** From now on the device that was opened first answers each direct method with what it was given. */
    void answer() throws Exception;
}
