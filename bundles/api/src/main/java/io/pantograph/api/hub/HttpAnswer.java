package io.pantograph.api.hub;

import io.pantograph.api.model.Bytes;
import java.util.Map;
import java.util.function.Consumer;

/** The answer to an {@link HttpRequest}. */
public sealed interface HttpAnswer {

    int status();

    Map<String, String> headers();

    /** All of it. A body needs a header {@code Content-Type}. */
    record Whole(int status, Map<String, String> headers, Bytes body) implements HttpAnswer {
    }

    /** One that goes on until one of the two ends it, such as an event stream. @param begin called once, on any thread, when it can be written */
    record Live(int status, Map<String, String> headers, Consumer<Sink> begin) implements HttpAnswer {
    }

    /** Where a live answer is written. From any thread; never waits. */
    interface Sink {

        /** Sends this soon. @return false if the asker is gone, or so slow that more than 1 MiB waits: then the answer has ended */
        boolean send(Bytes chunk);

        /** How many bytes wait for the asker, so that who has much to send can let him keep up; 0 if that is not known. */
        default long waiting() {
            return 0;
        }

        /** Called once when the answer has ended, by whichever side; at once if it has already. */
        void whenEnded(Runnable then);

        void end();
    }
}
