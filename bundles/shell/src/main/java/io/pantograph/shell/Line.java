package io.pantograph.shell;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was typed behind {@code plan} or {@code add}.
 *
 * @param watched whether to watch it until its end
 */
record Line(Release release, boolean watched) {

    static final String USAGE = "FILE.jar... [--remove BUNDLE] [--shadow N] [--canary-device D] [--canary-type T] [--canary-percent P] [--canary-calls N] "
            + "[--calls N] [--errors SHARE] [--differences SHARE] [--p99-us N] [--by-hand] [--deadline SECONDS] [--wait]";

    /** @throws IllegalArgumentException naming what is wrong */
    static Line of(String[] words) {
        if (words.length == 0) {
            throw new IllegalArgumentException("name a jar; it takes " + USAGE);
        }
        List<Change> changes = new ArrayList<>();
        Values.Builder trial = Values.builder();
        Values.Builder canary = Values.builder();
        List<String> devices = new ArrayList<>();
        List<String> types = new ArrayList<>();
        Optional<Duration> deadline = Optional.empty();
        boolean wait = false;
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--wait" -> wait = true;
                case "--by-hand" -> trial.put("promote", "hand");
                case "--shadow", "--calls", "--p99-us" -> trial.put(words[i].substring(2), whole(words, i++));
                case "--errors", "--differences" -> trial.put(words[i].substring(2), share(words, i++));
                case "--canary-percent", "--canary-calls" -> canary.put(words[i].substring(9), whole(words, i++));
                case "--canary-device" -> devices.add(next(words, i++));
                case "--canary-type" -> types.add(next(words, i++));
                case "--deadline" -> deadline = Optional.of(seconds(whole(words, i++)));
                case "--remove" -> changes.add(new Change.Remove(next(words, i++)));
                default -> changes.add(new Change.Install(Optional.empty(), Optional.empty(), new Change.Jar.Local(file(words[i]))));
            }
        }
        if (!devices.isEmpty()) {
            canary.put("devices", devices);
        }
        if (!types.isEmpty()) {
            canary.put("types", types);
        }
        Values whom = canary.build();
        if (!whom.isEmpty()) {
            trial.put("canary", whom);
        }
        return new Line(new Release(Commands.DOOR, changes, Trial.of(trial.build()), deadline), wait);
    }

    private static Path file(String word) {
        if (word.startsWith("-")) {
            throw new IllegalArgumentException("'" + word + "' is not known; it takes " + USAGE);
        }
        Path file = Path.of(word).toAbsolutePath();
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + " is no file; name a jar");
        }
        return file;
    }

    private static String next(String[] words, int at) {
        if (at + 1 >= words.length) {
            throw new IllegalArgumentException(words[at] + " needs a value after it");
        }
        return words[at + 1];
    }

    private static long whole(String[] words, int at) {
        try {
            return Long.parseLong(next(words, at));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(words[at] + " needs a whole number, not '" + words[at + 1] + "'", e);
        }
    }

    private static double share(String[] words, int at) {
        try {
            return Double.parseDouble(next(words, at));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(words[at] + " needs a share such as 0.01, not '" + words[at + 1] + "'", e);
        }
    }

    private static Duration seconds(long seconds) {
        if (seconds < 1 || seconds > 31_536_000) {
            throw new IllegalArgumentException("--deadline " + seconds + " must be 1 to 31536000 seconds");
        }
        return Duration.ofSeconds(seconds);
    }
}
