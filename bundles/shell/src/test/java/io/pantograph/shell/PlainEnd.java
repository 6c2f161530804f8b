package io.pantograph.shell;

import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.testkit.PlainDeployments;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** An installer all of whose deployments are taken back at once. */
record PlainEnd(PlainDeployments inner) implements Deployments {

    @Override
    public Deployment deploy(Release release) {
        Deployment begun = inner.deploy(release);
        inner.now(begun.id(), State.ROLLED_BACK, Evidence.NONE, "it failed 1 of 3 calls");
        return begun;
    }

    @Override
    public String take(InputStream jar) throws IOException, RefusedException {
        return inner.take(jar);
    }

    @Override
    public Plan plan(Release release) {
        return inner.plan(release);
    }

    @Override
    public List<Deployment> deployments() {
        return inner.deployments();
    }

    @Override
    public Optional<Deployment> deployment(String id) {
        return inner.deployment(id);
    }

    @Override
    public List<Deployed> bundles() {
        return inner.bundles();
    }

    @Override
    public Deployment promote(String what, String door) throws RefusedException {
        return inner.promote(what, door);
    }

    @Override
    public Deployment rollback(String what, String door, String why) throws RefusedException {
        return inner.rollback(what, door, why);
    }
}
