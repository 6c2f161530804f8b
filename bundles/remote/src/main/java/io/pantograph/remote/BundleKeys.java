package io.pantograph.remote;

import io.pantograph.api.model.Values;

/**
 * Names of bundles as names of properties. Azure's twins take no dot in a name, so there {@code org.example.codec} is written
 * {@code org:example:codec}; no bundle's name has a colon, so both can be told apart, and both are taken everywhere.
 */
final class BundleKeys {

    private BundleKeys() {
    }

    static String name(String key) {
        return key.replace(':', '.');
    }

    static String key(String name) {
        return name.replace('.', ':');
    }

    /** A release document, or the like, with the names of its bundles as bundles have them. @throws IllegalArgumentException if one is there twice */
    static Values named(Values document) {
        if (!(document.get("bundles") instanceof Values bundles)) {
            return document;
        }
        Values.Builder named = Values.builder();
        bundles.forEach((key, value) -> {
            if (!named.putNew(name(key), value)) {
                throw new IllegalArgumentException("bundle '" + name(key) + "' is there twice, with dots and with colons; write it once");
            }
        });
        Values.Builder copy = Values.builder();
        document.forEach(copy::put);
        return copy.put("bundles", named.build()).build();
    }
}
