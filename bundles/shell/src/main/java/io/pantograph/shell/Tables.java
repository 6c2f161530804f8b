package io.pantograph.shell;

import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is deployed and how it does, as lines for a terminal; of the documents that all doors give. What is missing in a document is left
 * out, since clouds have no room for whole ones.
 */
public final class Tables {

    private static final String[] SCALES = {"us", "ms", "s"};

    private Tables() {
    }

    /** @param bundles what deployments brought and is here */
    public static List<String> bundles(List<Values> bundles) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("BUNDLE", "VERSION", "STATE", "CALLS", "FAILED", "DIFFERENT", "P99", "BEFORE", "DEPLOYMENT"));
        for (Values one : bundles) {
            Values evidence = evidence(one);
            rows.add(List.of(text(one, "name"), text(one, "version"), text(one, "state"), of(evidence, "calls", "wanted"), text(evidence, "errors"),
                    of(evidence, "different", "compared"), time(evidence, "p99-us"), text(one, "last-good"),
                    text(one, "deployment") + bracketed(text(one, "door"))));
        }
        return table(rows);
    }

    /** @param deployments the newest first */
    public static List<String> deployments(List<Values> deployments) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("DEPLOYMENT", "STATE", "BEGUN", "BY", "BUNDLES", "REASON"));
        for (Values one : deployments) {
            rows.add(List.of(text(one, "id"), text(one, "state"), text(one, "begun"), text(one, "door"),
                    String.join(", ", objects(one, "bundles").stream().map(Tables::named).toList()), text(one, "reason")));
        }
        return table(rows);
    }

    /** Everything about one deployment. */
    public static List<String> deployment(Values deployment) {
        List<String> lines = new ArrayList<>();
        lines.add(text(deployment, "id") + " is " + text(deployment, "state") + reason(deployment));
        lines.add("  begun " + text(deployment, "begun") + " by " + text(deployment, "door")
                + (deployment.containsKey("ended") ? ", ended " + text(deployment, "ended") : ""));
        for (Values part : objects(deployment, "bundles")) {
            String before = text(part, "before");
            lines.add(named(part) + (before.isEmpty() ? "" : part.containsKey("version") ? " in place of " + before : ", which was " + before)
                    + " is " + text(part, "state") + reason(part));
            lines.addAll(evidenceLines(evidence(part)));
        }
        List<List<String>> history = new ArrayList<>();
        objects(deployment, "history").forEach(step -> history.add(List.of("  " + text(step, "time"), text(step, "state"), text(step, "said"))));
        if (!history.isEmpty()) {
            lines.add("history");
            lines.addAll(table(history));
        }
        return lines;
    }

    /** Everything about a bundle that is here. */
    public static List<String> bundle(Values bundle) {
        List<String> lines = new ArrayList<>();
        lines.add(named(bundle) + " is " + text(bundle, "state") + reason(bundle));
        lines.add("  brought by " + text(bundle, "deployment") + bracketed(text(bundle, "door"))
                + (bundle.containsKey("last-good") ? ", kept to go back to: " + text(bundle, "last-good") : ""));
        lines.add("  sha256 " + text(bundle, "sha256"));
        lines.addAll(evidenceLines(evidence(bundle)));
        return lines;
    }

    private static List<String> evidenceLines(Values evidence) {
        List<String> lines = new ArrayList<>();
        if (number(evidence, "vectors") > 0 || number(evidence, "samples") > 0) {
            lines.add("  tried on " + text(evidence, "vectors") + " vectors and " + text(evidence, "samples") + " real messages");
        }
        if (number(evidence, "calls") > 0 || number(evidence, "wanted") > 0) {
            lines.add("  served " + of(evidence, "calls", "wanted") + " calls, " + text(evidence, "errors") + " failed, " + text(evidence, "fallbacks")
                    + " of these done by the version before; p50 " + time(evidence, "p50-us") + ", p99 " + time(evidence, "p99-us"));
        }
        if (number(evidence, "compared") > 0) {
            lines.add("  " + of(evidence, "different", "compared") + " messages came out differently");
        }
        lines.addAll(differences(evidence));
        return lines;
    }

    /** Where two versions made different things of the same message, by field; no line if nowhere. */
    public static List<String> differences(Values evidence) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  FORMAT", "DIRECTION", "FIELD", "BEFORE", "NOW", "MESSAGES"));
        for (Values one : objects(evidence, "differences")) {
            rows.add(List.of("  " + text(one, "format"), text(one, "direction"), text(one, "field"), shortened(text(one, "before")), shortened(text(one, "after")),
                    text(one, "count")));
        }
        return rows.size() == 1 ? List.of() : table(rows);
    }

    /** What a release would do. */
    public static List<String> plan(Values plan) {
        List<List<String>> rows = new ArrayList<>();
        for (String what : List.of("adds", "replaces", "removes", "restarts", "devices", "refusals")) {
            String label = what.equals("refusals") ? "refused" : what;
            for (Object one : plan.get(what) instanceof List<?> list ? list : List.of()) {
                rows.add(List.of(label, visible(String.valueOf(one))));
                label = "";
            }
        }
        return rows.isEmpty() ? List.of("nothing to do") : table(rows);
    }

    /** @param codecs by format, the serving one first */
    public static List<String> codecs(List<Values> codecs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FORMAT", "BUNDLE", "VERSION", "PLACE", "CALLS", "FAILED", "STRIKES", "STUCK", "REASON"));
        for (Values one : codecs) {
            rows.add(List.of(text(one, "format"), text(one, "bundle"), text(one, "version"), text(one, "place"), text(one, "calls"), text(one, "errors"),
                    text(one, "strikes"), text(one, "stuck-threads"), text(one, "reason")));
        }
        return table(rows);
    }

    /** @param messages that wait for a codec */
    public static List<String> parked(List<Values> messages) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SINCE", "DEVICE", "", "SUBJECT", "FORMAT", "BYTES", "REASON"));
        for (Values one : messages) {
            rows.add(List.of(text(one, "since"), text(one, "device"), text(one, "direction").equals("out") ? "->" : "<-", text(one, "subject"),
                    text(one, "format"), text(one, "bytes"), text(one, "reason")));
        }
        return table(rows);
    }

    /** @param events that the hub has not acknowledged yet, by device, format and codec */
    public static List<String> waiting(List<Values> events) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("OLDEST", "NEWEST", "DEVICE", "FORMAT", "BUNDLE", "VERSION", "SHA256", "EVENTS", "BYTES"));
        for (Values one : events) {
            String bundle = text(one, "bundle");
            String sha256 = text(one, "sha256");
            rows.add(List.of(text(one, "oldest"), text(one, "newest"), text(one, "device"), text(one, "format"), bundle.isEmpty() ? "none" : bundle,
                    text(one, "version"), sha256.substring(0, Math.min(12, sha256.length())), text(one, "count"), text(one, "bytes")));
        }
        return table(rows);
    }

    /** How it ended, or how it is: the first line a sentence, and where versions differed, by field. */
    public static List<String> verdict(Values deployment) {
        List<String> lines = new ArrayList<>();
        lines.add(text(deployment, "id") + " is " + text(deployment, "state") + reason(deployment));
        objects(deployment, "bundles").forEach(part -> lines.addAll(differences(evidence(part))));
        return lines;
    }

    /** Of the bundles of a deployment. @return {@code org.example.codec 1.1.0  probation  7 of 20 calls, 1 failed} */
    static String progress(Values part) {
        Values evidence = evidence(part);
        StringBuilder line = new StringBuilder(named(part)).append("  ").append(text(part, "state"));
        List<String> more = new ArrayList<>();
        if (number(evidence, "calls") > 0 || text(part, "state").equals("probation")) {
            more.add(of(evidence, "calls", "wanted") + " calls");
            more.add(text(evidence, "errors") + " failed");
        } else if (number(evidence, "vectors") + number(evidence, "samples") > 0) {
            more.add(text(evidence, "vectors") + " vectors, " + text(evidence, "samples") + " real messages");
        }
        if (number(evidence, "compared") > 0) {
            more.add(of(evidence, "different", "compared") + " different");
        }
        return (more.isEmpty() ? line : line.append("  ").append(String.join(", ", more))) + reason(part);
    }

    /** The objects of a list in a document; none if it is not there. */
    public static List<Values> objects(Values document, String name) {
        return document.get(name) instanceof List<?> list ? list.stream().filter(Values.class::isInstance).map(Values.class::cast).toList() : List.of();
    }

    static Values evidence(Values of) {
        return of.get("evidence") instanceof Values evidence ? evidence : Values.EMPTY;
    }

    private static String named(Values bundle) {
        return (text(bundle, "name") + ' ' + text(bundle, "version")).strip();
    }

    private static String reason(Values of) {
        String reason = text(of, "reason");
        return reason.isEmpty() ? "" : ": " + reason;
    }

    private static String bracketed(String text) {
        return text.isEmpty() ? "" : " (" + text + ')';
    }

    private static String of(Values evidence, String part, String whole) {
        return evidence.containsKey(part) ? number(evidence, whole) > 0 ? text(evidence, part) + " of " + text(evidence, whole) : text(evidence, part) : "";
    }

    static double number(Values from, String name) {
        return from.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    private static String time(Values evidence, String name) {
        double value = number(evidence, name);
        if (value == 0) {
            return "";
        }
        int scale = 0;
        while (value >= 1_000 && scale < SCALES.length - 1) {
            value /= 1_000;
            scale++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, SCALES[scale]);
    }

    /** A member fit for a terminal; empty if it is not there. */
    static String text(Values document, String name) {
        Object value = document.get(name);
        return value == null ? "" : visible(String.valueOf(value));
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 37) + "..." : text;
    }

    /** What devices and authors say must not move the cursor. */
    private static String visible(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** Columns, each as wide as it must be. */
    private static List<String> table(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
