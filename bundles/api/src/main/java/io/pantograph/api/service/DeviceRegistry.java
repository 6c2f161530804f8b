package io.pantograph.api.service;

import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The identities of a hub: devices and their modules. Their documents hold keys; mind where they are printed. */
@ProviderType
public interface DeviceRegistry {

    /**
     * Makes a device or module.
     *
     * @param wanted what differs from an enabled one with keys that the hub makes; may be empty
     * @return it as made, keys too. Fails with {@code DeviceAlreadyExists} (409) if it is there
     */
    CompletionStage<Values> create(Target target, Values wanted);

    /** Fails with {@code DeviceNotFound} or {@code ModuleNotFound} (404). */
    CompletionStage<Values> find(Target target);

    /**
     * Changes it to this document, which {@link #find} gave and the caller has changed.
     *
     * @param ifMatch only if it still has this ETag, else it fails with 412; empty: whatever it is now
     */
    CompletionStage<Values> update(Target target, Values document, Optional<String> ifMatch);

    /** With all that is kept of it. @param ifMatch as in {@link #update} */
    CompletionStage<Void> delete(Target target, Optional<String> ifMatch);

    /** At most 1000, in the order the hub chooses; a query leafs through more. */
    CompletionStage<List<Values>> devices(int most);

    CompletionStage<List<Values>> modules(String device);

    /**
     * Many in one step, at most 100: each with {@code id}, {@code importMode} ({@code create}, {@code update}, {@code createOrUpdate},
     * {@code delete} and so on) and what a document has.
     *
     * @return {@code isSuccessful}, {@code errors}, {@code warnings}: also if some or all failed
     */
    CompletionStage<Values> bulk(List<Values> changes);

    /** {@code totalDeviceCount}, {@code enabledDeviceCount}, {@code disabledDeviceCount}. */
    CompletionStage<Values> statistics();
}
