package io.pantograph.api.operator;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one installer behind every door. From any thread. The service is there when what was deployed before is back in the framework.
 *
 * <p>Deployments that touch the same bundle come one after the other, and a later one supersedes an earlier one that has not come to its
 * end: that is taken back, with the reason. Others go on side by side. What is journalled is on disk: a kill at any moment ends, after the
 * restart, in the old or in the new whole set.
 */
@ProviderType
public interface Deployments {

    /**
     * Takes a jar in, for a release that names it by its hash. Reads to the end; nothing of it is run.
     *
     * @return its sha256, 64 characters of 0-9 a-f
     * @throws RefusedException if it is too large or no whole jar; nothing is kept then
     */
    String take(InputStream jar) throws IOException, RefusedException;

    /** What the release would do. Fetches what has to be fetched, so it may take as long as that; touches nothing. */
    Plan plan(Release release);

    /**
     * Begins; returns at once, with the state STAGED. How it goes on is told to every {@link DeploymentListener} and by {@link #deployment}.
     * The very same release again, while it is on its way, is that one, wherever it has got to; unless it names a file, which may have changed.
     */
    Deployment deploy(Release release);

    /** The newest first, at most 200. */
    List<Deployment> deployments();

    Optional<Deployment> deployment(String id);

    /** What deployments brought and what is here, by name. Bundles of the box itself are not listed. */
    List<Deployed> bundles();

    /**
     * Ends the trial of what is on shadow or probation: it counts as proven from now on.
     *
     * @param what a deployment's id or a bundle's name
     * @throws RefusedException if there is no such thing, or it is not on trial
     */
    Deployment promote(String what, String door) throws RefusedException;

    /**
     * Takes back what is on its way; or, of a bundle that is proven, deploys the last version before that was, without another trial.
     *
     * @param what a deployment's id or a bundle's name
     * @param why for the history, one sentence
     * @throws RefusedException if there is no such thing, or nothing to go back to
     */
    Deployment rollback(String what, String door, String why) throws RefusedException;
}
