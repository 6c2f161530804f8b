package io.pantograph.api.operator;

import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Bundles that are to change together: all of them or none.
 *
 * @param door by which it came: {@code drop}, {@code file}, {@code shell}, {@code rest}, {@code method}, {@code twin}, {@code watson}
 * @param deadline by which it must have come to its end, reckoned from when it was asked for; else it is taken back. Empty: it may stay on
 *     probation for ever, but must have come so far within 15 minutes
 */
public record Release(String door, List<Change> changes, Trial trial, Optional<Duration> deadline) {

    private static final int MOST = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    public Release {
        changes = List.copyOf(changes);
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("a release names at least one bundle");
        }
        if (changes.size() > MOST) {
            throw new IllegalArgumentException("a release names at most " + MOST + " bundles, this one has " + changes.size());
        }
    }

    /** As the release document has it, see the package. @throws IllegalArgumentException naming what is wrong and what would be right */
    public static Release of(String door, Values document) {
        Texts.only(document, "a release", Set.of("bundles", "trial", "deadline-s"));
        List<Change> changes = new ArrayList<>();
        document.values("bundles").forEach((name, wanted) -> changes.add(change(name, wanted)));
        Optional<Duration> deadline = document.containsKey("deadline-s") ? Optional.of(deadline(document.integer("deadline-s"))) : Optional.empty();
        return new Release(door, changes, document.containsKey("trial") ? Trial.of(document.values("trial")) : Trial.USUAL, deadline);
    }

    private static Duration deadline(long seconds) {
        if (seconds < 1 || seconds > 31_536_000) {
            throw new IllegalArgumentException("'deadline-s' must be 1 to 31536000 seconds, it is " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private static Change change(String name, Object wanted) {
        String shown = Names.visible(name);
        if (!NAME.matcher(name).matches() || name.length() > 200) {
            throw new IllegalArgumentException("'" + shown + "' is no Bundle-SymbolicName; it is written as in org.example.codec");
        }
        if (wanted == null) {
            return new Change.Remove(name);
        }
        if (!(wanted instanceof Values values)) {
            throw new IllegalArgumentException("'" + shown + "' must be null or an object with sha256, url and version");
        }
        Texts.only(values, "bundle '" + shown + "'", Set.of("version", "url", "sha256"));
        String sha256 = values.text("sha256").toLowerCase(Locale.ROOT);
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("'sha256' of '" + shown + "' must be 64 characters of 0-9 a-f");
        }
        Optional<String> version = values.containsKey("version") ? Optional.of(values.text("version")) : Optional.empty();
        try {
            Change.Jar jar = values.containsKey("url") ? new Change.Jar.Remote(new URI(values.text("url")), sha256) : new Change.Jar.Kept(sha256);
            return new Change.Install(Optional.of(name), version, jar);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'url' of '" + shown + "' is no URL: " + e.getReason());
        }
    }
}
