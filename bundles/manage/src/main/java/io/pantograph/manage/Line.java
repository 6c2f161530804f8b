package io.pantograph.manage;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.dialect.ManagementGrammar.Letter;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.wire.Frame;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, and how is spoken on it. What does not get through is not sent again: who asked asks again. */
record Line(DeviceId device, ManagementGrammar grammar, Function<Frame, CompletionStage<Void>> wire, CodecRoute json) {

    private static final Logger log = LoggerFactory.getLogger(Line.class);

    /** @return fails if it was not sent */
    CompletionStage<Void> send(Letter letter) {
        try {
            return wire.apply(letter.frame(json.encode(Content.of(letter.body())))).whenComplete((done, failure) -> {
                if (failure != null) {
                    log.debug("'{}' of {} was not sent: {}", letter.topic(), device, failure.getMessage());
                }
            });
        } catch (CodecException | RuntimeException | LinkageError e) { // the codec or the dialect may be half gone
            log.warn("'{}' of {} could not be said: {}", letter.topic(), device, e.toString());
            return failedFuture(e);
        }
    }
}
