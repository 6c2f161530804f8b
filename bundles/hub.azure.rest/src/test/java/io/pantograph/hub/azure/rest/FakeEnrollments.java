package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.model.Values;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Enrolments in memory; whoever proves himself is assigned. */
final class FakeEnrollments implements Enrollments {

    final Map<String, Values> kept = new TreeMap<>();
    final Map<String, List<Credential>> credentials = new TreeMap<>();
    private final Map<String, Values> states = new TreeMap<>();

    @Override
    public String scope() {
        return "0ne00EDGE01";
    }

    @Override
    public Optional<Values> document(String id, boolean group) {
        return Optional.ofNullable(kept.get(id + group));
    }

    @Override
    public Values keep(String id, boolean group, Values document, Optional<String> ifMatch) throws AzureException {
        if (ifMatch.isPresent() && !kept.containsKey(id + group)) {
            throw new AzureException(AzureError.PreconditionFailed, "it is not there");
        }
        kept.put(id + group, document);
        return document;
    }

    @Override
    public void delete(String id, boolean group, Optional<String> ifMatch) throws AzureException {
        if (kept.remove(id + group) == null) {
            throw new AzureException(AzureError.NotFound, "it is not there");
        }
    }

    @Override
    public List<Values> all(boolean group) {
        return kept.entrySet().stream().filter(each -> each.getKey().endsWith(String.valueOf(group))).map(Map.Entry::getValue).toList();
    }

    @Override
    public List<Credential> credentials(String registrationId) {
        return credentials.getOrDefault(registrationId, List.of());
    }

    @Override
    public List<X509Certificate> authorities(Optional<Credential> by) {
        return List.of();
    }

    @Override
    public Values register(String registrationId, Credential by, Optional<Object> payload) {
        Values state = Values.of("registrationId", registrationId, "status", "assigned", "payload", payload.orElse(null));
        states.put(registrationId, state);
        return state;
    }

    @Override
    public Optional<Values> state(String registrationId) {
        return Optional.ofNullable(states.get(registrationId));
    }
}
