package io.pantograph.session;

import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.Managements;
import io.pantograph.api.core.News;
import io.pantograph.api.core.Twins;
import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.transport.Transport;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/**
 * What every conversation needs of the house.
 *
 * @param transport null while none is installed
 * @param twins null while there is no such room
 * @param managements likewise
 * @param timer its one thread is where conversations change their state
 * @param nanos the monotonic clock, by which the timer runs
 */
record Rooms(Supplier<Transport> transport, Supplier<Twins> twins, Supplier<Managements> managements, TrustSource trust, Assignments assignments, Codecs codecs,
        CommandDispatcher commands, CommandParking parking, News news, ScheduledExecutorService timer, Executor inbound, Clock clock, LongSupplier nanos,
        RandomGenerator random) {

    @FunctionalInterface
    interface TrustSource {
        /** @throws NoLoginException if there is no such certificate to show */
        SSLContext context(Optional<ClientCertificate> shown) throws IOException, GeneralSecurityException, NoLoginException;
    }

    /** Whom to trust at this place, and what to show. Plain ones do not use it. */
    SSLContext trust(Endpoint endpoint, Optional<ClientCertificate> shown) throws IOException, GeneralSecurityException, NoLoginException {
        return endpoint.scheme().secure() ? trust.context(shown) : SSLContext.getInstance("TLS");
    }

    /** The codec in which answers, twins and provisioning are said. */
    CodecRoute json() {
        return codecs.route("json");
    }
}
