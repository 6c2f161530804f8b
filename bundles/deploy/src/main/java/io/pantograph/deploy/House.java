package io.pantograph.deploy;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a deployment needs around it.
 *
 * @param steps one thread, on which all happens that touches the framework or the journal
 * @param fetching threads that may wait for the network
 * @param told hears of every change, in order
 * @param closing whether the box or the installer is on its way out, so that whatever fails now says nothing about a release
 */
record House(ScheduledExecutorService steps, ExecutorService fetching, Clock clock, Journal journal, Staging staging, Planning planning,
        Swaps swaps, Consumer<Deployment> told, BooleanSupplier closing) {

    interface Staging {

        /** See {@link io.pantograph.api.operator.Deployments#take}. */
        String take(InputStream jar) throws IOException, RefusedException;

        /** Brings a jar here and looks into it. On a thread that may be interrupted. */
        Planner.Coming stage(Change.Install change, Duration within) throws RefusedException, IOException, InterruptedException;

        /** What is neither deployed nor on its way, nor kept to go back to, nor was handed in lately, is thrown away. */
        void keepOnly(Collection<Committed> committed, List<Deployment> going);
    }

    @FunctionalInterface
    interface Planning {
        /** @param aside names whose bundles on trial are passed over, since they are taken back before this begins */
        Planner.Planned plan(String door, List<Planner.Coming> coming, Set<String> going, Set<String> aside);
    }

    interface Swaps {

        Swap coming(Planner.Coming coming, Trial trial) throws RefusedException, IOException;

        Swap going(String name);

        /** The version that works now under this name; empty if there is none. */
        Optional<String> working(String name);

        /** Whether the box itself has one of that name. */
        boolean isOfTheBox(String name);
    }
}
