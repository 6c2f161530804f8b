package io.pantograph.deploy;

import io.pantograph.api.core.HandlerWork;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/** Whose handlers get no work for the time being, in all rooms that give some. For the thread of the steps. */
final class Handover {

    private final Supplier<List<HandlerWork>> rooms;
    private final Set<Bundle> retired = new LinkedHashSet<>();

    Handover(Supplier<List<HandlerWork>> rooms) {
        this.rooms = rooms;
    }

    /** @return completes when they have nothing in hand; on any thread */
    CompletableFuture<Void> retire(Bundle bundle) {
        retired.add(bundle);
        return CompletableFuture.allOf(rooms.get().stream().map(room -> room.retire(bundle.getBundleId()).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    void restore(Bundle bundle) {
        if (retired.remove(bundle)) {
            rooms.get().forEach(room -> room.restore(bundle.getBundleId()));
        }
    }

    /** A bundle that should have stopped and hangs still has its handlers there: those get nothing, for ever. */
    void restoreWhoHasStopped() {
        List.copyOf(retired).stream().filter(bundle -> bundle.getState() < Bundle.STARTING).forEach(this::restore);
    }
}
