package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.model.Values;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Assigns whoever proved itself. */
final class FakeEnrollments implements Enrollments {

    final Map<String, List<Credential>> known = new HashMap<>();
    /** Of a credential's generation; of all, under an empty text. */
    final Map<String, List<X509Certificate>> authorities = new HashMap<>();
    final List<String> registered = new ArrayList<>();

    @Override
    public String scope() {
        return "0ne00TEST01";
    }

    @Override
    public List<Credential> credentials(String registrationId) {
        return known.getOrDefault(registrationId, List.of());
    }

    @Override
    public List<X509Certificate> authorities(Optional<Credential> by) {
        return authorities.getOrDefault(by.map(Credential::generation).orElse(""), List.of());
    }

    @Override
    public Values register(String registrationId, Credential by, Optional<Object> payload) throws AzureException {
        if (registrationId.equals("gone")) {
            throw new AzureException(AzureError.NotFound, "it is enrolled no longer");
        }
        registered.add(registrationId + ' ' + payload.orElse("nothing"));
        return Values.builder().put("registrationId", registrationId).put("status", by.enabled() ? "assigned" : "disabled")
                .put("assignedHub", "127.0.0.1").put("deviceId", registrationId).build();
    }

    @Override
    public List<Values> all(boolean group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Values> document(String id, boolean group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Values keep(String id, boolean group, Values document, Optional<String> ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String id, boolean group, Optional<String> ifMatch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Values> state(String registrationId) {
        throw new UnsupportedOperationException();
    }
}
