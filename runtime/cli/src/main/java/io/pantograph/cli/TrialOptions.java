package io.pantograph.cli;

import io.pantograph.api.model.Values;
import java.util.List;
import picocli.CommandLine.Option;

/** What a release has to do before it counts as proven. What is not said is as the gateway is set. */
final class TrialOptions {

    @Option(names = "--shadow", paramLabel = "N", description = "First give it copies of so many messages, and compare.")
    private Long shadow;

    @Option(names = "--calls", paramLabel = "N", description = "It is proven after so many calls.")
    private Long calls;

    @Option(names = "--canary-device", paramLabel = "TYPE/NAME", description = "Serve this device first; may be said again.")
    private List<String> devices;

    @Option(names = "--canary-type", paramLabel = "TYPE", description = "Serve devices of this type first; may be said again.")
    private List<String> types;

    @Option(names = "--canary-percent", paramLabel = "P", description = "Serve so many of a hundred devices first.")
    private Long percent;

    @Option(names = "--canary-calls", paramLabel = "N", description = "So many calls before it serves the others.")
    private Long canaryCalls;

    @Option(names = "--errors", paramLabel = "SHARE", description = "So many of its calls may fail, such as 0.01; none unless told.")
    private Double errors;

    @Option(names = "--differences", paramLabel = "SHARE",
            description = "So many messages may come out otherwise than before, such as 0.01; none unless told. 1 for a version that means to change them.")
    private Double differences;

    @Option(names = "--p99-us", paramLabel = "MICROSECONDS", description = "So long may its slowest hundredth of calls take.")
    private Long slowest;

    @Option(names = "--by-hand", description = "It stays on trial until somebody promotes it.")
    private boolean byHand;

    @Option(names = "--deadline", paramLabel = "SECONDS", description = "If it is not proven by then, it is taken back.")
    private Long deadline;

    Values release(Values bundles) {
        Values.Builder canary = Values.builder();
        put(canary, "devices", devices);
        put(canary, "types", types);
        put(canary, "percent", percent);
        put(canary, "calls", canaryCalls);
        Values whom = canary.build();
        Values.Builder trial = Values.builder();
        put(trial, "shadow", shadow);
        put(trial, "canary", whom.isEmpty() ? null : whom);
        put(trial, "calls", calls);
        put(trial, "errors", errors);
        put(trial, "differences", differences);
        put(trial, "p99-us", slowest);
        put(trial, "promote", byHand ? "hand" : null);
        Values wanted = trial.build();
        Values.Builder release = Values.builder().put("bundles", bundles);
        put(release, "trial", wanted.isEmpty() ? null : wanted);
        put(release, "deadline-s", deadline);
        return release.build();
    }

    private static void put(Values.Builder to, String name, Object value) {
        if (value != null) {
            to.put(name, value);
        }
    }
}
