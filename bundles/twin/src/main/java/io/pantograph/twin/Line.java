package io.pantograph.twin;

import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.wire.Frame;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The connection of the moment. */
record Line(TwinGrammar grammar, Function<Frame, CompletionStage<Void>> wire) {

    /** @param failed told, on any thread, if it could not be sent */
    void send(Frame frame, Runnable failed) {
        wire.apply(frame).whenComplete((done, failure) -> {
            if (failure != null) {
                failed.run();
            }
        });
    }
}
