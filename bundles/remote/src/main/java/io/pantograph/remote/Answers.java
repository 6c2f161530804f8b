package io.pantograph.remote;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is told of deployments, never larger than a cloud takes as the answer to a call. */
final class Answers {

    /** Clouds take 128 KB; what is outside of ASCII may be longer in JSON than it was counted. */
    static final int MOST_CHARACTERS = 90_000;
    private static final int MOST_BUNDLES = 100;
    private static final int MOST_DEPLOYMENTS = 20;
    private static final int LONGEST_TEXT = 400;

    private Answers() {
    }

    /** @return the deployment with as much of its history and differences as there is room for, the newest lines kept */
    static Values of(Deployment deployment) {
        Values whole = deployment.values();
        for (int lines = 100; lines > 1; lines /= 2) {
            Values fit = shortened(whole, lines, lines == 100 ? 20 : lines / 12);
            if (size(fit) <= MOST_CHARACTERS) {
                return fit;
            }
        }
        return brief(deployment);
    }

    private static Values shortened(Values deployment, int lines, int differences) {
        Values.Builder values = Values.builder();
        deployment.forEach((name, value) -> values.put(name, switch (name) {
            case "history" -> ((List<?>) value).stream().skip(Math.max(0, ((List<?>) value).size() - lines)).map(Answers::cut).toList();
            case "bundles" -> ((List<?>) value).stream().map(part -> withDifferences((Values) part, differences)).toList();
            default -> cut(value);
        }));
        return values.build();
    }

    private static Values withDifferences(Values bundle, int most) {
        Values.Builder values = Values.builder();
        bundle.forEach((name, value) -> {
            if (name.equals("evidence") && value instanceof Values evidence && evidence.get("differences") instanceof List<?> all && all.size() > most) {
                Values.Builder fewer = Values.builder();
                evidence.forEach(fewer::put);
                values.put(name, fewer.put("differences", all.subList(0, most)).build());
            } else {
                values.put(name, cut(value));
            }
        });
        return values.build();
    }

    /** Without its history, and of its bundles only what they have become. */
    static Values brief(Deployment deployment) {
        Values.Builder values = Values.builder().put("id", deployment.id()).put("door", deployment.door()).put("state", deployment.state().word())
                .put("begun", deployment.begun().toString());
        deployment.ended().ifPresent(time -> values.put("ended", time.toString()));
        if (!deployment.reason().isEmpty()) {
            values.put("reason", cut(deployment.reason()));
        }
        return values.put("bundles", deployment.parts().stream().map(part -> {
            Values.Builder one = Values.builder().put("name", part.name()).put("state", part.state().word());
            part.version().ifPresent(version -> one.put("version", version));
            return one.build();
        }).toList()).build();
    }

    static Values list(Deployments deployments) {
        List<Deployed> bundles = deployments.bundles();
        List<Deployment> all = deployments.deployments();
        Values.Builder values = Values.builder()
                .put("bundles", bundles.stream().limit(MOST_BUNDLES).map(bundle -> withDifferences(bundle.values(), 0)).toList())
                .put("deployments", fitting(all, MOST_DEPLOYMENTS));
        if (bundles.size() > MOST_BUNDLES) {
            values.put("bundles-left-out", bundles.size() - MOST_BUNDLES);
        }
        return values.build();
    }

    /** The newest, as many as there is room for. */
    private static List<Values> fitting(List<Deployment> deployments, int most) {
        List<Values> fitting = new ArrayList<>();
        int room = MOST_CHARACTERS / 3;
        for (Deployment deployment : deployments) {
            Values brief = brief(deployment);
            room -= size(brief);
            if (fitting.size() == most || room < 0) {
                break;
            }
            fitting.add(brief);
        }
        return fitting;
    }

    /** A deployment by its id, or a bundle by its name with the deployments it was in. */
    static Optional<Values> show(Deployments deployments, String what) {
        Optional<Deployment> deployment = deployments.deployment(what);
        if (deployment.isPresent()) {
            return deployment.map(Answers::of);
        }
        String name = BundleKeys.name(what);
        Optional<Deployed> bundle = deployments.bundles().stream().filter(one -> one.name().equals(name)).findFirst();
        List<Deployment> about = deployments.deployments().stream()
                .filter(one -> one.parts().stream().anyMatch(part -> part.name().equals(name))).toList();
        if (bundle.isEmpty() && about.isEmpty()) {
            return Optional.empty();
        }
        Values.Builder values = Values.builder();
        bundle.ifPresent(one -> values.put("bundle", one.values()));
        return Optional.of(values.put("deployments", fitting(about, MOST_DEPLOYMENTS)).build());
    }

    private static Object cut(Object value) {
        if (value instanceof String text && text.length() > LONGEST_TEXT) {
            return text.substring(0, LONGEST_TEXT) + "...";
        }
        if (value instanceof Values values) {
            Values.Builder copy = Values.builder();
            values.forEach((name, one) -> copy.put(name, cut(one)));
            return copy.build();
        }
        return value;
    }

    /** How many characters it has in JSON, about. */
    static int size(Object value) {
        if (value instanceof Map<?, ?> object) {
            int size = 2;
            for (Map.Entry<?, ?> entry : object.entrySet()) {
                size += 4 + size(entry.getKey()) + size(entry.getValue());
            }
            return size;
        }
        if (value instanceof List<?> list) {
            return 2 + list.stream().mapToInt(one -> 1 + size(one)).sum();
        }
        return value instanceof String text ? 2 + text.length() : String.valueOf(value).length();
    }
}
