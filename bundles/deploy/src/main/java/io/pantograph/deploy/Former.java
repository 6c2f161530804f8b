package io.pantograph.deploy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/**
 * What is there of a name before something else takes its place: a bundle that a deployment brought, which goes, or the box's own, which
 * only stops: it is back when what replaced it is taken out.
 */
record Former(Ground ground, Optional<Bundle> deployed, List<Bundle> box) {

    static Former of(Ground ground, String name, Optional<Committed> committed) {
        return new Former(ground, committed.map(one -> ground.find(one.name(), one.version(), one.sha256())), ground.ofTheBox(name));
    }

    /** Of what works now. */
    Optional<String> version() {
        return working().map(bundle -> bundle.getVersion().toString());
    }

    Optional<Bundle> working() {
        return deployed.or(() -> box.stream().filter(bundle -> bundle.getState() == Bundle.ACTIVE).findFirst());
    }

    /** Those that work now. */
    List<Bundle> all() {
        return Stream.concat(deployed.stream(), box.stream()).filter(bundle -> bundle.getState() == Bundle.ACTIVE).toList();
    }

    /** Its place is taken for good. */
    void leave() {
        stop();
        deployed.ifPresent(ground::uninstall);
    }

    /** What deployments brought goes, and the box's own is back, beside it for a moment. */
    void returnToTheBox() {
        box.forEach(ground::startAgain);
        deployed.ifPresent(ground::stop);
        deployed.ifPresent(ground::uninstall);
    }

    void stop() {
        box.stream().filter(bundle -> bundle.getState() == Bundle.ACTIVE).forEach(ground::stop);
        deployed.ifPresent(ground::stop);
    }

    /** Undoes {@link #stop}. */
    void startAgain() {
        deployed.ifPresentOrElse(ground::startAgain, () -> box.forEach(ground::startAgain));
    }
}
