package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** One twin, whose reported part grows a version with each report. */
final class FakeTwins implements TwinStore {

    final List<Values> reports = new CopyOnWriteArrayList<>();
    final Map<Identity, Optional<String>> models = new ConcurrentHashMap<>();
    private long version = 1;

    @Override
    public Values read(Identity identity) {
        return Values.of("desired", Values.of("$version", 4), "reported", Values.of("$version", version));
    }

    @Override
    public long report(Identity identity, Values patch, OptionalLong ifVersion) throws AzureException {
        if (ifVersion.isPresent() && ifVersion.getAsLong() != version) {
            throw new AzureException(AzureError.PreconditionFailed, "reported is of version " + version);
        }
        if (patch.containsKey("fault")) {
            throw new IllegalStateException("a fault of the test");
        }
        reports.add(patch);
        return ++version;
    }

    @Override
    public void model(Identity identity, Optional<String> modelId) {
        models.put(identity, modelId);
    }

    @Override
    public Values twin(Identity identity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Values patch(Identity identity, Values patch, Optional<String> ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Values replace(Identity identity, Values twin, Optional<String> ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Values> all(boolean modules) {
        throw new UnsupportedOperationException();
    }
}
