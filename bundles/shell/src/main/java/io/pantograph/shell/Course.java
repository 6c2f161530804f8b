package io.pantograph.shell;

import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells of a deployment on its way what is new since it was last looked at. For one thread. */
public final class Course {

    private static final int STEPS = 10;

    private final Map<String, String> told = new HashMap<>();

    /** A line for each bundle of which there is something new: its state, a failure, a difference, or another tenth of its calls. */
    public List<String> news(Values deployment) {
        List<String> news = new ArrayList<>();
        for (Values part : Tables.objects(deployment, "bundles")) {
            String mark = mark(part);
            if (!mark.equals(told.put(Tables.text(part, "name"), mark))) {
                news.add(Tables.text(deployment, "id") + "  " + Tables.progress(part));
            }
        }
        return news;
    }

    private static String mark(Values part) {
        Values evidence = Tables.evidence(part);
        double wanted = Tables.number(evidence, "wanted");
        long step = wanted > 0 ? (long) (Tables.number(evidence, "calls") * STEPS / wanted) : 0;
        return Tables.text(part, "state") + ' ' + wanted + ' ' + step + ' ' + Tables.text(evidence, "errors") + ' ' + Tables.text(evidence, "different");
    }

    /** Whether nothing comes after it. */
    public static boolean isEnd(Values deployment) {
        return switch (Tables.text(deployment, "state")) {
            case "proven", "removed", "refused", "rolled back" -> true;
            default -> false;
        };
    }

    /** Whether it ended as was wanted. */
    public static boolean isGood(Values deployment) {
        String state = Tables.text(deployment, "state");
        return state.equals("proven") || state.equals("removed");
    }
}
