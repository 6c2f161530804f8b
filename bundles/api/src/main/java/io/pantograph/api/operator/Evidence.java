package io.pantograph.api.operator;

import io.pantograph.api.model.Values;
import java.time.Duration;
import java.util.List;

/**
 * What a bundle has shown so far.
 *
 * @param vectors golden vectors passed
 * @param samples real messages of the past that came out as they should
 * @param calls served
 * @param wanted calls that it takes to be proven
 * @param errors calls that failed
 * @param fallbacks of these, those that the version before took over, so that nobody noticed
 * @param p99 of its calls
 * @param compared messages that both versions were given
 * @param different of these, those that came out differently
 * @param differences by field, at most 20, each with a sample
 */
public record Evidence(int vectors, int samples, long calls, long wanted, long errors, long fallbacks, Duration p50, Duration p99,
        long compared, long different, List<Difference> differences) {

    public static final Evidence NONE = new Evidence(0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0, 0, List.of());

    public Evidence {
        differences = List.copyOf(differences);
    }

    public Values values() {
        return Values.builder().put("vectors", vectors).put("samples", samples).put("calls", calls).put("wanted", wanted)
                .put("errors", errors).put("fallbacks", fallbacks).put("p50-us", p50.toNanos() / 1_000.0).put("p99-us", p99.toNanos() / 1_000.0)
                .put("compared", compared).put("different", different).put("differences", differences.stream().map(Difference::values).toList())
                .build();
    }
}
