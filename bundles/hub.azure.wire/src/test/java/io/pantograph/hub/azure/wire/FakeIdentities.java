package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Knows what a test tells it. */
final class FakeIdentities implements Identities {

    final Map<Identity, Credential> known = new ConcurrentHashMap<>();
    final List<String> seen = new ArrayList<>();

    @Override
    public Optional<Credential> credential(Identity identity) {
        return Optional.ofNullable(known.get(identity));
    }

    @Override
    public synchronized void seen(Identity identity, boolean connected) {
        seen.add(identity + (connected ? " here" : " gone"));
    }

    @Override
    public boolean connected(Identity identity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Values create(Identity identity, Values wanted) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Values update(Identity identity, Values wanted, Optional<String> ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Values document(Identity identity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Identity identity, Optional<String> ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Values> devices(int most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Values> modules(String device) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Values bulk(List<Values> changes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Statistics statistics() {
        throw new UnsupportedOperationException();
    }
}
