package io.pantograph.hub.manage;

import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The document {@code mgmt.firmware}, and what its changes mean. */
final class Firmware {

    static final String FIELD = "mgmt.firmware";
    static final Values NONE = Values.builder().put("version", "").put("name", "").put("uri", "").put("verifier", "").put("state", 0)
            .put("updateStatus", 0).put("updatedDateTime", "").build();

    private static final List<String> NAMED = List.of("version", "name", "uri", "verifier");
    private static final String[] STATUS = {"done", "in progress", "the device is out of memory", "the device lost the connection",
        "the verification failed", "the device does not support this image", "the uri is invalid"};
    private static final int IN_PROGRESS = 1;
    private static final int DOWNLOADING = 1;
    private static final int DOWNLOADED = 2;

    /** How it stands with what was begun. @param good only told of what is over */
    record Verdict(boolean over, boolean good, String message) {
    }

    private Firmware() {
    }

    /** What the device is told before it begins: always all members, since clients fail without them. @param fresh whether it is to be downloaded anew */
    static Values wanted(Values old, Map<String, ?> parameters, boolean fresh, Instant now) {
        Values.Builder wanted = Values.builder();
        for (String name : NAMED) {
            Object given = parameters.get(name);
            wanted.put(name, given != null ? String.valueOf(given) : old.getOrDefault(name, ""));
        }
        return wanted.put("state", fresh ? 0 : old.getOrDefault("state", 0)).put("updateStatus", 0).put("updatedDateTime", Times.text(now)).build();
    }

    static Values merged(Values old, Values told, Instant now) {
        Values.Builder merged = Values.builder();
        old.forEach(merged::put);
        told.forEach((name, value) -> {
            if (NONE.containsKey(name) && value != null) {
                merged.put(name, value);
            }
        });
        return merged.put("updatedDateTime", Times.text(now)).build();
    }

    /** What a device's word means for a download that it was told to begin. */
    static Verdict download(Values told) {
        Optional<Integer> state = number(told, "state");
        int status = number(told, "updateStatus").orElse(0);
        if (state.equals(Optional.of(DOWNLOADED))) {
            return new Verdict(true, true, "downloaded");
        }
        if (status > IN_PROGRESS && !state.equals(Optional.of(DOWNLOADING))) {
            return new Verdict(true, false, status(status));
        }
        return new Verdict(false, false, state.equals(Optional.of(DOWNLOADING)) ? "downloading" : "");
    }

    /** Likewise for an update. Its end is told by the status alone: clients differ in what they say of the state meanwhile. */
    static Verdict update(Values told) {
        Optional<Integer> status = number(told, "updateStatus");
        if (status.isEmpty() || status.get() == IN_PROGRESS) {
            return new Verdict(false, false, status.isPresent() ? "updating" : "");
        }
        return new Verdict(true, status.get() == 0, status.get() == 0 ? "updated" : status(status.get()));
    }

    private static String status(int status) {
        return status < STATUS.length && status >= 0 ? STATUS[status] : "the device told the status " + status;
    }

    private static Optional<Integer> number(Values told, String name) {
        return told.get(name) instanceof Number number ? Optional.of(number.intValue()) : Optional.empty();
    }
}
