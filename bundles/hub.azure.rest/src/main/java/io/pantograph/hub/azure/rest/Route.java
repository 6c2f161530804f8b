package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Right;
import io.pantograph.api.hub.HttpAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One call of the API: its method, its path and what it does.
 *
 * @param right that the asker's policy must hold; empty if the work itself asks who it is
 */
record Route(String method, List<String> path, Optional<Right> right, Work work) {

    /** Answers at once or later. */
    @FunctionalInterface
    interface Work {
        CompletionStage<HttpAnswer> answer(Call call) throws AzureException;
    }

    /** Answers at once. */
    @FunctionalInterface
    interface Quick {
        HttpAnswer answer(Call call) throws AzureException;
    }

    /** @param path levels joined by slashes; one in braces stands for anything */
    static Route of(String method, String path, Right right, Quick work) {
        return later(method, path, right, at(work));
    }

    static Route later(String method, String path, Right right, Work work) {
        return new Route(method, List.of(path.split("/")), Optional.of(right), work);
    }

    /** One whose asker is no policy of the hub, but a device. */
    static Route open(String method, String path, Quick work) {
        return new Route(method, List.of(path.split("/")), Optional.empty(), at(work));
    }

    private static Work at(Quick work) {
        return call -> CompletableFuture.completedFuture(work.answer(call));
    }

    /** What stands at the places of the path; empty if this is not the path. The cloud takes its own words in any case. */
    Optional<Map<String, String>> match(List<String> levels) {
        if (levels.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> places = new HashMap<>();
        for (int i = 0; i < levels.size(); i++) {
            String wanted = path.get(i);
            if (wanted.startsWith("{")) {
                places.put(wanted.substring(1, wanted.length() - 1), levels.get(i));
            } else if (!wanted.equalsIgnoreCase(levels.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(places);
    }
}
