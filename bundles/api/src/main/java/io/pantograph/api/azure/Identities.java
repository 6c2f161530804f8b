package io.pantograph.api.azure;

import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The identity registry. Documents are in the shape of the service's REST API, version 2021-04-12. Every change is on disk when the
 * call returns; calls may wait for the disk. From any thread.
 */
@ProviderType
public interface Identities {

    /** How many devices there are. */
    record Statistics(long total, long enabled, long disabled, long connected) {
    }

    /** @return the device or module as made. @throws AzureException if it is there already, its device is not, or the document is wrong */
    Values create(Identity identity, Values wanted) throws AzureException;

    /** @param ifMatch an ETag with or without quotes; {@code *} or empty: whatever it is now */
    Values update(Identity identity, Values wanted, Optional<String> ifMatch) throws AzureException;

    Values document(Identity identity) throws AzureException;

    /** With all that is kept of it, a device's modules too; its connection ends. */
    void delete(Identity identity, Optional<String> ifMatch) throws AzureException;

    /** In the order of their ids. */
    List<Values> devices(int most);

    List<Values> modules(String device) throws AzureException;

    /** Many in one step, each with its {@code importMode}; at most 100. @return {@code isSuccessful, errors, warnings} */
    Values bulk(List<Values> changes) throws AzureException;

    Statistics statistics();

    /** For a login; from memory or the disk, in a millisecond or so. */
    Optional<Credential> credential(Identity identity);

    /** It connected, went, or did something; for {@code connectionState} and {@code lastActivityTime}. Never waits. */
    void seen(Identity identity, boolean connected);

    boolean connected(Identity identity);
}
