package io.pantograph.twin;

import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reports that go to the hub in one write: merged, and those who wait for them. */
final class Patch {

    Values values;
    /** In JSON; at most so many, as values that replaced others may be counted with them. */
    int bytes;
    final List<CompletableFuture<Void>> promises = new ArrayList<>();

    Patch(Values values, int bytes) {
        this.values = values;
        this.bytes = bytes;
    }
}
