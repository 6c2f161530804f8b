package io.pantograph.remote;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.Trial;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The bundles that a cloud wants the gateway to have, by name, and how they are to be tried.
 *
 * @param mark the same for documents that say the same, be it in another order
 */
record Wanted(Map<String, Change.Install> bundles, Trial trial, Optional<Duration> deadline, String mark) {

    static final String DOOR = "twin";
    /** Beside the bundles stands what became of them as a whole. */
    private static final Set<String> TAKEN = Set.of("value", "ac", "ad", "av");

    Wanted {
        bundles = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(bundles));
    }

    /**
     * @param bundles the desired value of that name; null: none is wanted
     * @param deployment the one beside it, with trial and deadline-s; null: as usual
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    static Wanted of(Object bundles, Object deployment) {
        Values named = without(object("bundles", bundles));
        Values manner = object("deployment", deployment);
        Release release = release(named, manner);
        Map<String, Change.Install> wanted = new LinkedHashMap<>();
        if (!named.isEmpty()) {
            release.changes().forEach(change -> wanted.put(((Change.Install) change).name().orElseThrow(), (Change.Install) change));
        }
        return new Wanted(wanted, release.trial(), release.deadline(), mark(List.of(canonical(named), canonical(manner)).toString()));
    }

    /** Whether this may stand in {@code deployment}. @throws IllegalArgumentException naming what is wrong */
    static void check(Object deployment) {
        release(Values.EMPTY, object("deployment", deployment));
    }

    private static Values object(String name, Object value) {
        if (value == null) {
            return Values.EMPTY;
        }
        if (value instanceof Values values) {
            return values;
        }
        throw new IllegalArgumentException("'" + name + "' must be an object");
    }

    /** The names as bundles have them; what is null is not there. */
    private static Values without(Values bundles) {
        Values named = BundleKeys.named(Values.of("bundles", bundles)).values("bundles");
        Values.Builder wanted = Values.builder();
        named.forEach((name, value) -> {
            if (TAKEN.contains(name)) {
                throw new IllegalArgumentException("a bundle named '" + name + "' cannot be reported beside value, ac, ad and av; bring it by another door");
            }
            if (value != null) {
                wanted.put(name, value);
            }
        });
        return wanted.build();
    }

    /** A release needs a bundle; where none is wanted, one is made up. */
    private static Release release(Values bundles, Values manner) {
        Values.Builder document = Values.builder();
        manner.forEach((name, value) -> {
            if (name.equals("bundles")) {
                throw new IllegalArgumentException("'deployment' has trial and deadline-s; the bundles stand beside it");
            }
            if (value != null) {
                document.put(name, value);
            }
        });
        return Release.of(DOOR, document.put("bundles", bundles.isEmpty() ? Values.of("none", null) : bundles).build());
    }

    private static Object canonical(Object value) {
        if (value instanceof Values values) {
            Map<String, Object> sorted = new TreeMap<>();
            values.forEach((name, one) -> sorted.put(name, canonical(one)));
            return sorted;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Wanted::canonical).toList();
        }
        return String.valueOf(value);
    }

    private static String mark(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String sha256(Change.Install install) {
        return install.jar() instanceof Change.Jar.Remote remote ? remote.sha256()
                : install.jar() instanceof Change.Jar.Kept kept ? kept.sha256() : "";
    }
}
