package io.pantograph.api.core;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.api.wire.Frame;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One device's twin: what waits to be reported, and which desired values were given to handlers. From any thread; nothing here waits.
 *
 * <p>Over every reconnect: read the whole twin, give the difference to the handlers once, then patches strictly by version; a gap
 * means read again. Reports go one at a time; what is reported meanwhile is merged.
 */
@ProviderType
public interface DeviceTwin extends AutoCloseable {

    /** How the device's cloud speaks of twins, as soon as it is known; empty: it has none, and reports fail with UNSUPPORTED. Until it is told, they wait. */
    void speaks(Optional<TwinGrammar> grammar);

    /** As {@link io.pantograph.api.device.Device#twin()}. */
    CompletionStage<Twin> read();

    /** As {@link io.pantograph.api.device.Device#report}. @param component empty: the device as a whole */
    CompletionStage<Void> report(Optional<String> component, Values patch);

    /** As {@link io.pantograph.api.device.Device#outcome}. */
    CompletionStage<Void> outcome(String command, Object outcome);

    /** As {@link io.pantograph.api.device.Device#became}. */
    CompletionStage<Void> became(Desired desired, DesiredResult result);

    /**
     * The subscriptions of a new connection are granted: begin.
     *
     * @param wire sends a frame on this connection; fails when the connection ended. An {@link Inbound.Answer} comes by {@link #answered}
     */
    void connected(TwinGrammar grammar, Function<Frame, CompletionStage<Void>> wire);

    /** The connection is gone: what was asked on it gets no answer. */
    void disconnected();

    void answered(Inbound.Answer answer);

    void changed(Inbound.Changed change);

    /** The device is gone: fails what is left with CLOSED. */
    @Override
    void close();
}
