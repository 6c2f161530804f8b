package io.pantograph.session;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.News;
import io.pantograph.api.transport.Transport;
import java.security.GeneralSecurityException;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/**
 * What every conversation needs of the house.
 *
 * @param transport null while none is installed
 * @param timer its one thread is where conversations change their state
 */
record Rooms(Supplier<Transport> transport, TrustSource trust, Codecs codecs, CommandDispatcher commands, News news,
        ScheduledExecutorService timer, Executor inbound, Clock clock, RandomGenerator random) {

    @FunctionalInterface
    interface TrustSource {
        SSLContext context() throws IOException, GeneralSecurityException;
    }
}
