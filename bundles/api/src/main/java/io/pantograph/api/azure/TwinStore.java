package io.pantograph.api.azure;

import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** The twins. Each change is on disk when the call returns, and told to every {@link AzureListener} before it. From any thread. */
@ProviderType
public interface TwinStore {

    // --- the service's half: documents as the REST API has them, with metadata

    Values twin(Identity identity) throws AzureException;

    /** Merges tags and desired properties; {@code null} deletes. @param ifMatch as in {@link Identities#update} */
    Values patch(Identity identity, Values patch, Optional<String> ifMatch) throws AzureException;

    /** Replaces each section that is there. */
    Values replace(Identity identity, Values twin, Optional<String> ifMatch) throws AzureException;

    /** All as they are now, in the order of their ids: for queries. @param modules of modules instead of devices */
    List<Values> all(boolean modules);

    // --- the device's half

    /** Desired and reported with their versions, without metadata and tags. */
    Values read(Identity identity) throws AzureException;

    /** Merges into reported. @param ifVersion of reported, if the device insists. @return the new version */
    long report(Identity identity, Values patch, OptionalLong ifVersion) throws AzureException;

    /** It said at its login which model it is of; empty takes nothing away. Never waits. */
    void model(Identity identity, Optional<String> modelId);
}
