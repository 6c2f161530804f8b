package io.pantograph.api.core;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.wire.Frame;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/** One device as its cloud manages it. From any thread; nothing here waits. */
@ProviderType
public interface DeviceManagement {

    /**
     * The subscriptions of a new connection are granted, those of the grammar too: begin.
     *
     * @param wire sends a frame on this connection; fails when the connection ended
     */
    void connected(ManagementGrammar grammar, Function<Frame, CompletionStage<Void>> wire);

    /** The connection is gone. */
    void disconnected();

    /** Something is asked of the device, or answered to it. */
    void asked(Inbound.Managed message);
}
