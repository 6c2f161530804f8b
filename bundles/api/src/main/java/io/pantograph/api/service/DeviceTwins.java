package io.pantograph.api.service;

import io.pantograph.api.model.Values;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The twins of a hub, as the service sees them: tags, desired and reported properties, with versions and metadata. */
@ProviderType
public interface DeviceTwins {

    CompletionStage<Values> find(Target target);

    /**
     * Merges into tags and desired properties; {@code null} deletes.
     *
     * @param patch {@code {"tags": {...}, "properties": {"desired": {...}}}}, either or both
     * @param ifMatch only if the twin still has this ETag, else it fails with 412; empty: whatever it is now
     * @return the whole twin
     */
    CompletionStage<Values> patch(Target target, Values patch, Optional<String> ifMatch);

    /** Replaces tags or desired properties, those that are told. @return the whole twin */
    CompletionStage<Values> replace(Target target, Values twin, Optional<String> ifMatch);

    /** Merges into the desired properties. @return the whole twin */
    default CompletionStage<Values> desire(Target target, Values properties) {
        return patch(target, Values.of("properties", Values.of("desired", properties)), Optional.empty());
    }
}
