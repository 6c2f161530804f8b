package io.pantograph.api.operator;

import io.pantograph.api.model.Values;

/**
 * One codec that is here.
 *
 * @param place {@code serving}, {@code canary}, {@code standing by}, {@code held} (on trial), or {@code quarantined}
 * @param strikes since it last did well
 * @param stuckThreads that never came back from it
 * @param reason why it is in quarantine, and when it is tried next; else empty
 */
public record CodecStatus(String format, String bundle, String version, String sha256, String place, long calls, long errors, int strikes,
        int stuckThreads, String reason) {

    public Values values() {
        return Values.builder().put("format", format).put("bundle", bundle).put("version", version).put("sha256", sha256).put("place", place)
                .put("calls", calls).put("errors", errors).put("strikes", strikes).put("stuck-threads", stuckThreads).put("reason", reason).build();
    }
}
