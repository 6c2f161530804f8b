package io.pantograph.session;

import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Provisioning;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** At which hub the device is: where its own settings say, or where it was assigned to. */
final class Placement {

    private static final Logger LOG = LoggerFactory.getLogger(Placement.class);

    private final Profile own;
    private final Optional<Provisioning> service;
    private final Assignments assignments;
    private Profile assigned;
    /** The service gave the assignment a moment ago, and no connection came of it yet. */
    private boolean fresh;
    /** The hub of the assignment cannot be found: ask once more, and keep what there is if nobody answers. */
    private boolean doubtful;

    Placement(Profile own, Assignments assignments) {
        this.own = own;
        this.service = own.provisioning();
        this.assignments = assignments;
    }

    /** In which language to connect now; empty: the service must be asked first. */
    Optional<Profile> profile() {
        if (service.isEmpty()) {
            return Optional.of(own);
        }
        if (assigned == null) {
            assigned = kept(service.get());
        }
        return doubtful ? Optional.empty() : Optional.ofNullable(assigned);
    }

    private Profile kept(Provisioning asked) {
        try {
            return assignments.find(asked.key()).map(asked::assigned).orElse(null);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("what is kept of where {} was assigned to is of no use ({}); it is assigned anew", own.device(), e.getMessage());
            return null;
        }
    }

    /** @throws IllegalStateException if there is none */
    Provisioning service() {
        return service.orElseThrow(IllegalStateException::new);
    }

    /** @throws IllegalArgumentException if it is not good */
    void assigned(Map<String, String> assignment) {
        assigned = service().assigned(assignment);
        assignments.keep(service().key(), assignment);
        fresh = true;
        doubtful = false;
    }

    /** The service could not be asked: what there is, is the best there is. */
    void notAsked() {
        doubtful = false;
    }

    /** The hub took the login. */
    void taken() {
        fresh = false;
        doubtful = false;
    }

    /**
     * No connection came of it.
     *
     * @return whether there is reason to ask the service soon, since the assignment is an old one
     */
    boolean failed(Ending how) {
        boolean refused = how.isRefused() && !how.isFinal(); // where no login could be made, the hub was not asked
        if (service.isEmpty() || assigned == null || !refused && !how.isUnknownHost()) {
            return false;
        }
        if (refused) {
            assigned = null;
            assignments.forget(service().key());
        } else {
            doubtful = true;
        }
        boolean old = !fresh;
        fresh = false;
        return old;
    }
}
