package io.pantograph.api.operator;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** One bundle that is to be another version, or gone. */
public sealed interface Change {

    /** @param name its Bundle-SymbolicName; empty if only the jar tells it */
    record Install(Optional<String> name, Optional<String> version, Jar jar) implements Change {
    }

    record Remove(String name) implements Change {
    }

    /** Where the jar is. */
    sealed interface Jar {

        /** Handed in before, see {@link Deployments#take}. @param sha256 64 characters of 0-9 a-f */
        record Kept(String sha256) implements Jar {
        }

        /** To be fetched, from the configured hub only. */
        record Remote(URI url, String sha256) implements Jar {
        }

        /** A file of this machine, which may change at any moment: a copy is taken first. */
        record Local(Path file) implements Jar {
        }
    }
}
