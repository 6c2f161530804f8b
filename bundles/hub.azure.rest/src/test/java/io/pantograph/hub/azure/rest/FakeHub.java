package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.DirectMethods;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.Right;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What keeps things, in memory: remembers who asked it for what, and knows the device {@code dev1} with its module {@code mod1}. */
final class FakeHub implements Identities, TwinStore, DirectMethods, ServiceAccess {

    final List<String> asked = new ArrayList<>();
    final Map<String, Values> twins = new TreeMap<>();
    final Map<String, Values> moduleTwins = new TreeMap<>();
    CompletableFuture<Values> answer = CompletableFuture.completedFuture(TestJson.values("{'status':200,'payload':7}"));
    RuntimeException broken;
    final Map<Identity, Credential> credentials = new HashMap<>();

    void ask(String what, Object... more) {
        if (broken != null) {
            throw broken;
        }
        StringBuilder line = new StringBuilder(what);
        for (Object each : more) {
            line.append(' ').append(each instanceof Values values ? TestJson.text(values)
                    : each instanceof Optional<?> tag ? tag.map(there -> "[" + there + "]").orElse("[]") : each);
        }
        asked.add(line.toString());
    }

    static Values known(Identity identity) throws AzureException {
        if (!identity.device().equals("dev1")) {
            throw new AzureException(AzureError.DeviceNotFound, "device '" + identity.device() + "' is not registered; make it first");
        }
        if (identity.module().isPresent() && !identity.module().get().equals("mod1")) {
            throw new AzureException(AzureError.ModuleNotFound, "module '" + identity.module().get() + "' is not registered");
        }
        return Values.of("deviceId", identity.device(), "etag", "MQ==");
    }

    // --- access

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public Optional<Policy> policy(String name) {
        return Optional.empty();
    }

    /** The header is the names of the rights. */
    @Override
    public void check(Optional<String> authorization, Optional<String> usedHost, String path, Right right) throws AzureException {
        if (authorization.isEmpty()) {
            throw new AzureException(AzureError.IotHubUnauthorized, "the header Authorization is missing");
        }
        if (!authorization.get().contains(right.name())) {
            throw new AzureException(AzureError.IotHubUnauthorizedAccess, "the policy lacks " + right);
        }
    }

    // --- identities

    @Override
    public Values create(Identity identity, Values wanted) throws AzureException {
        ask("create", identity, wanted);
        if (identity.toString().equals("dev1")) {
            throw new AzureException(AzureError.DeviceAlreadyExists, "device 'dev1' is there already");
        }
        return Values.of("deviceId", identity.device(), "etag", "MA==");
    }

    @Override
    public Values update(Identity identity, Values wanted, Optional<String> ifMatch) throws AzureException {
        ask("update", identity, wanted, ifMatch);
        Values now = known(identity);
        match(ifMatch);
        return now;
    }

    private static void match(Optional<String> ifMatch) throws AzureException {
        if (ifMatch.isPresent() && !ifMatch.get().equals("*") && !ifMatch.get().equals("MQ==")) {
            throw new AzureException(AzureError.PreconditionFailed, "the ETag is another now");
        }
    }

    @Override
    public Values document(Identity identity) throws AzureException {
        ask("document", identity);
        return known(identity);
    }

    @Override
    public void delete(Identity identity, Optional<String> ifMatch) throws AzureException {
        ask("delete", identity, ifMatch);
        known(identity);
        match(ifMatch);
    }

    @Override
    public List<Values> devices(int most) {
        ask("devices", most);
        return List.of(Values.of("deviceId", "dev1"));
    }

    @Override
    public List<Values> modules(String device) throws AzureException {
        ask("modules", device);
        known(Identity.of(device));
        return List.of(Values.of("moduleId", "mod1"));
    }

    @Override
    public Values bulk(List<Values> changes) {
        ask("bulk", changes.size());
        return Values.of("isSuccessful", true, "errors", List.of(), "warnings", List.of());
    }

    @Override
    public Statistics statistics() {
        ask("statistics");
        return new Statistics(3, 2, 1, 1);
    }

    @Override
    public Optional<Credential> credential(Identity identity) {
        return Optional.ofNullable(credentials.get(identity));
    }

    @Override
    public void seen(Identity identity, boolean connected) {
    }

    @Override
    public boolean connected(Identity identity) {
        return false;
    }

    // --- twins

    @Override
    public Values twin(Identity identity) throws AzureException {
        ask("twin", identity);
        return known(identity);
    }

    @Override
    public Values patch(Identity identity, Values patch, Optional<String> ifMatch) throws AzureException {
        ask("patch", identity, patch, ifMatch);
        Values now = known(identity);
        match(ifMatch);
        return now;
    }

    @Override
    public Values replace(Identity identity, Values twin, Optional<String> ifMatch) throws AzureException {
        ask("replace", identity, twin, ifMatch);
        Values now = known(identity);
        match(ifMatch);
        return now;
    }

    @Override
    public List<Values> all(boolean modules) {
        return List.copyOf((modules ? moduleTwins : twins).values());
    }

    @Override
    public Values read(Identity identity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long report(Identity identity, Values patch, OptionalLong ifVersion) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void model(Identity identity, Optional<String> modelId) {
    }

    // --- methods

    @Override
    public CompletionStage<Values> invoke(Identity identity, Values request) {
        ask("invoke", identity, request);
        return answer;
    }
}
