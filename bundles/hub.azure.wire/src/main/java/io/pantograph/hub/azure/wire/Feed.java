package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Identity;
import java.util.Optional;

/** What an identity may subscribe to; nothing else exists. */
enum Feed {
    /** Cloud-to-device messages. */
    MESSAGES,
    /** Of a module: inputs. Nothing is sent there, since nothing routes between modules here. */
    INPUTS,
    /** Of a module: all below its own topic, as the C client asks for it. */
    ALL,
    /** Answers about its twin. */
    TWIN,
    /** Changes of desired properties. */
    DESIRED,
    METHODS;

    /** The one that a filter asks for; empty if it is not this identity's. */
    static Optional<Feed> of(Identity identity, String filter) {
        for (Feed feed : values()) {
            if (filter.equals(feed.filter(identity))) {
                return Optional.of(feed);
            }
        }
        return Optional.empty();
    }

    /** @return null if it has none */
    private String filter(Identity identity) {
        return switch (this) {
            case MESSAGES -> home(identity) + "/messages/devicebound/#";
            case INPUTS -> identity.module().isPresent() ? home(identity) + "/inputs/#" : null;
            case ALL -> identity.module().isPresent() ? home(identity) + "/#" : null;
            case TWIN -> "$iothub/twin/res/#";
            case DESIRED -> "$iothub/twin/PATCH/properties/desired/#";
            case METHODS -> "$iothub/methods/POST/#";
        };
    }

    /** Where the topics of an identity begin. */
    static String home(Identity identity) {
        return "devices/" + identity.device() + identity.module().map(module -> "/modules/" + module).orElse("");
    }
}
