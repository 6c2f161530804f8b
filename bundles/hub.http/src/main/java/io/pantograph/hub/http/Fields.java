package io.pantograph.hub.http;

import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the members of a request's body. A member that is null counts as not there: clients send them all. */
final class Fields {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.!&@?*+()-]{8,36}");

    private Fields() {
    }

    /** @throws Problem 400 for a member that is not one of these */
    static void only(Values body, Set<String> known) {
        for (String name : body.keySet()) {
            if (!known.contains(name)) {
                throw Problem.invalid("unexpected member '" + Names.visible(name) + "'");
            }
        }
    }

    static Optional<String> text(Values body, String name) {
        Object value = body.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw Problem.invalid("'" + name + "' must be a text");
    }

    static String id(Values body, String name) {
        return Call.checkedId(name, text(body, name).orElseThrow(() -> Problem.invalid("'" + name + "' is missing")));
    }

    static Optional<Values> object(Values body, String name) {
        Object value = body.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Values values) {
            return Optional.of(values);
        }
        throw Problem.invalid("'" + name + "' must be an object");
    }

    static Optional<Secret> token(Values body) {
        return text(body, "authToken").map(token -> {
            if (!TOKEN.matcher(token).matches()) {
                throw Problem.invalid("'authToken' must be 8 to 36 characters of A-Z a-z 0-9 _ . ! & @ ? * + ( ) -");
            }
            return Secret.of(token);
        });
    }

    static double number(Values body, String name, double least, double most) {
        if (body.get(name) instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        throw Problem.invalid("'" + name + "' must be a number of " + least + " to " + most);
    }

    /** Without the members that are null. */
    static Values present(Values values) {
        Values.Builder kept = Values.builder();
        for (Map.Entry<String, Object> each : values.entrySet()) {
            if (each.getValue() != null) {
                kept.put(each.getKey(), each.getValue());
            }
        }
        return kept.build();
    }

    /** The old with the new laid over it; null changes nothing. */
    static Values merged(Values old, Values changes) {
        Values.Builder all = Values.builder();
        old.forEach(all::put);
        present(changes).forEach(all::put);
        return all.build();
    }
}
