package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Many changes of the registry in one request, one after the other, each by itself good or refused. */
final class Bulk {

    static final int MOST = 100;

    private static final List<String> MODES = List.of("create", "update", "updateIfMatchETag", "createOrUpdate", "createOrUpdateIfMatchETag", "delete",
            "deleteIfMatchETag", "updateTwin", "updateTwinIfMatchETag");

    private final IdentityRoom identities;
    private final TwinRoom twins;

    Bulk(IdentityRoom identities, TwinRoom twins) {
        this.identities = identities;
        this.twins = twins;
    }

    Values all(List<Values> changes) throws AzureException {
        if (changes.size() > MOST) {
            throw new AzureException(AzureError.TooManyDevices, "one request changes at most " + MOST + " devices, not " + changes.size());
        }
        List<Values> errors = new ArrayList<>();
        for (Values change : changes) {
            try {
                one(Fields.of(change));
            } catch (AzureException e) {
                Values.Builder error = Values.builder().put("deviceId", change.get("id") instanceof String id ? id : null);
                if (change.get("moduleId") instanceof String module) {
                    error.put("moduleId", module);
                }
                errors.add(error.put("errorCode", e.error().name()).put("errorStatus", e.getMessage()).build());
            }
        }
        return Values.of("isSuccessful", errors.isEmpty(), "errors", errors, "warnings", List.of());
    }

    private void one(Fields change) throws AzureException {
        Identity identity = identity(change);
        Values wanted = change.values();
        Optional<String> etag = change.filled("eTag");
        switch (change.word("importMode", MODES).orElse("createOrUpdate")) {
            case "create" -> create(identity, change);
            case "update" -> update(identity, wanted, Optional.empty());
            case "updateIfMatchETag" -> update(identity, wanted, present(etag, "eTag"));
            case "createOrUpdate" -> createOrUpdate(identity, change, Optional.empty());
            case "createOrUpdateIfMatchETag" -> createOrUpdate(identity, change, etag);
            case "delete" -> identities.delete(identity, Optional.empty());
            case "deleteIfMatchETag" -> identities.delete(identity, present(etag, "eTag"));
            case "updateTwin" -> twins.patch(identity, wanted, Optional.empty());
            default -> twins.patch(identity, wanted, present(change.filled("twinETag"), "twinETag"));
        }
    }

    private static Identity identity(Fields change) throws AzureException {
        String id = change.filled("id").orElseThrow(() -> Fields.invalid("id is missing"));
        try {
            return new Identity(id, change.filled("moduleId"));
        } catch (IllegalArgumentException e) {
            throw Fields.invalid(e.getMessage());
        }
    }

    private static Optional<String> present(Optional<String> etag, String name) throws AzureException {
        if (etag.isEmpty()) {
            throw Fields.invalid(name + " is missing");
        }
        return etag;
    }

    private void create(Identity identity, Fields change) throws AzureException {
        identities.create(identity, change.values(), change.values());
    }

    private void update(Identity identity, Values wanted, Optional<String> etag) throws AzureException {
        identities.update(identity, wanted, etag);
    }

    private void createOrUpdate(Identity identity, Fields change, Optional<String> etag) throws AzureException {
        try {
            create(identity, change);
        } catch (AzureException e) {
            if (e.error() != AzureError.DeviceAlreadyExists && e.error() != AzureError.ModuleAlreadyExistsOnDevice) {
                throw e;
            }
            update(identity, change.values(), etag);
        }
    }
}
