package io.pantograph.shell;

import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells of a deployment on its way what is new since it was last looked at. For one thread. */
public final class Course {

    private final Map<String, String> told = new HashMap<>();

    /** A line for each bundle of which there is something new. */
    public List<String> news(Values deployment) {
        List<String> news = new ArrayList<>();
        for (Values part : Tables.objects(deployment, "bundles")) {
            String line = Tables.text(deployment, "id") + "  " + Tables.progress(part);
            if (!line.equals(told.put(Tables.text(part, "name"), line))) {
                news.add(line);
            }
        }
        return news;
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
