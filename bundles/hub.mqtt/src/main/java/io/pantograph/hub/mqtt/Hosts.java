package io.pantograph.hub.mqtt;

import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.LoginAttempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that decide, one of each cloud, in the order in which they are asked whose a login is. While one of them is still to come a login
 * should wait, see {@link #gathered}: the cloud that claims everything would refuse it, and for a client that is final.
 */
final class Hosts {

    private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);

    private record Host(HubRules rules, int ranking, long service) {

        static final Comparator<Host> ORDER = Comparator.comparingInt(Host::ranking).reversed().thenComparingLong(Host::service);
    }

    private final Duration patience;
    private BooleanSupplier missing = () -> false;
    private volatile List<Host> hosts = List.of();
    /** Ends the waiting for those who are missing; stays here, done, when it was in vain. */
    private CompletableFuture<Void> gathering;

    /** @param patience for those who are missing */
    Hosts(Duration patience) {
        this.patience = patience;
    }

    /** @param missing whether there are rules that were announced and are not here */
    synchronized void expect(BooleanSupplier missing) {
        this.missing = missing;
    }

    synchronized void add(HubRules rules, int ranking, long service) {
        List<Host> now = new ArrayList<>(hosts);
        now.removeIf(host -> host.rules == rules);
        now.add(new Host(rules, ranking, service));
        now.sort(Host.ORDER);
        hosts = List.copyOf(now);
        if (gathering != null && !missing.getAsBoolean()) {
            gathering.complete(null);
            gathering = null;
        }
    }

    synchronized void remove(HubRules rules) {
        hosts = hosts.stream().filter(host -> host.rules != rules).toList();
        if (gathering != null && gathering.isDone()) {
            gathering = null; // for this one we wait anew
        }
    }

    synchronized void clear() {
        hosts = List.of();
        missing = () -> false;
        if (gathering != null) {
            gathering.complete(null);
        }
    }

    boolean empty() {
        return hosts.isEmpty();
    }

    boolean has(HubRules rules) {
        return hosts.stream().anyMatch(host -> host.rules == rules);
    }

    /** Completes when all that were announced are here, or when we have waited long enough; then it may be asked whose a login is. */
    synchronized CompletableFuture<Void> gathered() {
        if (!missing.getAsBoolean()) {
            gathering = null;
            return CompletableFuture.completedFuture(null);
        }
        if (gathering == null) {
            LOG.debug("logins wait for rules that are still to come");
            gathering = new CompletableFuture<Void>().completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        return gathering;
    }

    /** Whether all are here that were announced; one that is not could have claimed what nobody here claims. */
    boolean complete() {
        return !missing.getAsBoolean();
    }

    /** Whose this login is. */
    Optional<HubRules> claiming(LoginAttempt attempt) {
        for (Host host : hosts) {
            try {
                if (host.rules.claims(attempt)) {
                    return Optional.of(host.rules);
                }
            } catch (RuntimeException | LinkageError e) {
                LOG.error("{} failed to say whether it claims the login of '{}'", host.rules, attempt.clientId(), e);
            }
        }
        return Optional.empty();
    }
}
