package io.pantograph.hub.azure;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Credential.Kind;
import io.pantograph.api.model.Secret;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** With what an identity proves itself: both keys if of kind SAS, at least one thumbprint if of kind SELF_SIGNED. */
record Proof(Kind kind, Optional<Secret> primary, Optional<Secret> secondary, Optional<String> primaryThumbprint,
        Optional<String> secondaryThumbprint) {

    private static final Pattern THUMBPRINT = Pattern.compile("[0-9A-F]{40}|[0-9A-F]{64}");

    static Proof keys(Secret primary, Secret secondary) {
        return new Proof(Kind.SAS, Optional.of(primary), Optional.of(secondary), Optional.empty(), Optional.empty());
    }

    static Proof thumbprints(Optional<String> primary, Optional<String> secondary) {
        return new Proof(Kind.SELF_SIGNED, Optional.empty(), Optional.empty(), primary, secondary);
    }

    static Proof of(Kind kind) {
        return new Proof(kind, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Proof of(Credential by) {
        return switch (by.kind()) {
            case SAS -> keys(by.keys().get(0), by.keys().size() > 1 ? by.keys().get(1) : Keys.random());
            case SELF_SIGNED -> thumbprints(by.thumbprints().stream().findFirst(), by.thumbprints().stream().skip(1).findFirst());
            case CERTIFICATE_AUTHORITY, NONE -> of(by.kind());
        };
    }

    List<Secret> keys() {
        return Stream.of(primary, secondary).flatMap(Optional::stream).toList();
    }

    List<String> thumbprints() {
        return Stream.of(primaryThumbprint, secondaryThumbprint).flatMap(Optional::stream).toList();
    }

    /** In capitals, without colons and spaces; empty if it is none. */
    static Optional<String> thumbprint(String text) {
        String bare = text.replace(":", "").replace(" ", "").toUpperCase(Locale.ROOT);
        return THUMBPRINT.matcher(bare).matches() ? Optional.of(bare) : Optional.empty();
    }

    /** The word of the service's documents. */
    static String word(Kind kind) {
        return switch (kind) {
            case SAS -> "sas";
            case SELF_SIGNED -> "selfSigned";
            case CERTIFICATE_AUTHORITY -> "certificateAuthority";
            case NONE -> "none";
        };
    }

    static Kind kind(String word) {
        return Stream.of(Kind.values()).filter(kind -> word(kind).equalsIgnoreCase(word)).findFirst().orElseThrow();
    }
}
