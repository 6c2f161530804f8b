package io.pantograph.api.operator;

import io.pantograph.api.model.Values;
import java.util.List;

/**
 * What a release would do, in words, before anything is touched.
 *
 * @param adds bundles that are new, with version
 * @param replaces as {@code org.example.codec 1.0.0 by 1.1.0, side by side}
 * @param removes bundles that go
 * @param restarts bundles that stop and start by it: only those of the release itself, or the plan is refused
 * @param devices affected, in words: {@code all devices that speak 'custom'}
 * @param refusals why it will not be done, each one sentence with cause and remedy; empty if it can be
 */
public record Plan(List<String> adds, List<String> replaces, List<String> removes, List<String> restarts, List<String> devices,
        List<String> refusals) {

    public Plan {
        adds = List.copyOf(adds);
        replaces = List.copyOf(replaces);
        removes = List.copyOf(removes);
        restarts = List.copyOf(restarts);
        devices = List.copyOf(devices);
        refusals = List.copyOf(refusals);
    }

    public Values values() {
        return Values.builder().put("adds", adds).put("replaces", replaces).put("removes", removes).put("restarts", restarts)
                .put("devices", devices).put("refusals", refusals).build();
    }
}
