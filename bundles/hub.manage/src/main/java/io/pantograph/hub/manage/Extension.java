package io.pantograph.hub.manage;

import io.pantograph.api.hub.Management.RefusedException;
import io.pantograph.api.hub.Management.RefusedException.Why;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A bundle of actions, as an operator describes it, and whether parameters fit one of them. */
final class Extension {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,255}");
    private static final Set<String> MEMBERS = Set.of("bundleId", "displayName", "description", "version", "provider", "actions");
    private static final Set<String> ACTION = Set.of("actionDisplayName", "description", "parameters");
    private static final Set<String> PARAMETER = Set.of("name", "value", "required", "defaultValue");
    private static final int LONGEST_PROVIDER = 1024;
    private static final int LONGEST_RULE = 1024;
    private static final int MOST = 200;

    private Extension() {
    }

    /** @return the bundle's id. @throws RefusedException INVALID */
    static String checked(Values bundle) {
        try {
            return check(bundle);
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage());
        }
    }

    private static String check(Values bundle) {
        only(bundle, MEMBERS, "the bundle");
        String id = id("bundleId", bundle.text("bundleId"));
        names(bundle.values("displayName"), "displayName");
        for (String optional : List.of("version", "provider")) {
            if (bundle.get(optional) != null && bundle.text(optional).length() > LONGEST_PROVIDER) {
                throw new IllegalArgumentException("'" + optional + "' must have at most " + LONGEST_PROVIDER + " characters");
            }
        }
        Values actions = bundle.values("actions");
        if (actions.isEmpty() || actions.size() > MOST) {
            throw new IllegalArgumentException("'actions' must hold 1 to " + MOST + " actions");
        }
        for (String action : actions.keySet()) {
            id("the action's id", action);
            checkAction(action, actions.values(action));
        }
        return id;
    }

    private static void checkAction(String id, Values action) {
        only(action, ACTION, "action '" + id + '\'');
        names(action.values("actionDisplayName"), "actionDisplayName");
        if (action.get("parameters") == null) {
            return;
        }
        Set<String> seen = new HashSet<>();
        List<?> parameters = action.list("parameters");
        if (parameters.size() > MOST) {
            throw new IllegalArgumentException("action '" + id + "' must have at most " + MOST + " parameters");
        }
        for (Object each : parameters) {
            if (!(each instanceof Values parameter)) {
                throw new IllegalArgumentException("'parameters' of action '" + id + "' must be a list of objects");
            }
            only(parameter, PARAMETER, "a parameter of action '" + id + '\'');
            String name = id("the parameter's name", parameter.text("name"));
            if (!seen.add(name)) {
                throw new IllegalArgumentException("parameter '" + name + "' of action '" + id + "' stands there twice");
            }
            if (parameter.get("required") != null) {
                parameter.flag("required");
            }
            if (parameter.get("defaultValue") != null) {
                parameter.text("defaultValue");
            }
            if (parameter.get("value") != null) {
                rule(name, parameter.text("value"));
            }
        }
    }

    private static Pattern rule(String name, String text) {
        if (text.length() > LONGEST_RULE) {
            throw new IllegalArgumentException("'value' of parameter '" + name + "' must have at most " + LONGEST_RULE + " characters");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new IllegalArgumentException("'value' of parameter '" + name + "' must be a regular expression");
        }
    }

    private static String id(String what, String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(what + " '" + Names.visible(id) + "' must be 1 to 255 characters of A-Z a-z 0-9 . _ -");
        }
        return id;
    }

    private static void names(Values byLocale, String what) {
        if (byLocale.isEmpty()) {
            throw new IllegalArgumentException("'" + what + "' must have a text for a locale, such as {\"en_US\": \"...\"}");
        }
        byLocale.keySet().forEach(byLocale::text);
    }

    private static void only(Values values, Set<String> known, String where) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unexpected member '" + Names.visible(name) + "' in " + where);
            }
        }
    }

    /**
     * The parameters of one of its actions, with those that were left to their defaults.
     *
     * @throws RefusedException MISSING if there is no such action, INVALID if a parameter does not fit
     */
    static Values parameters(Values bundle, String action, Map<String, String> given) {
        Object found = bundle.values("actions").get(action);
        if (!(found instanceof Values described)) {
            throw new RefusedException(Why.MISSING, "Bundle '" + bundle.text("bundleId") + "' has no action '" + Names.visible(action) + "'.");
        }
        List<?> parameters = described.get("parameters") == null ? List.of() : described.list("parameters");
        Set<String> unknown = new HashSet<>(given.keySet());
        Values.Builder all = Values.builder();
        for (Object each : parameters) {
            Values parameter = (Values) each;
            String name = parameter.text("name");
            unknown.remove(name);
            String value = given.containsKey(name) ? given.get(name) : (String) parameter.get("defaultValue");
            if (value == null && Boolean.TRUE.equals(parameter.get("required"))) {
                throw invalid("parameter '" + name + "' is missing");
            }
            if (value != null) {
                fits(name, (String) parameter.get("value"), value);
                all.put(name, value);
            }
        }
        if (!unknown.isEmpty()) {
            throw invalid("action '" + action + "' has no parameter '" + Names.visible(unknown.iterator().next()) + '\'');
        }
        return all.build();
    }

    private static void fits(String name, String rule, String value) {
        boolean fits;
        try {
            fits = rule == null || rule(name, rule).matcher(new Patient(value)).matches();
        } catch (StackOverflowError | Patient.LostException e) {
            throw invalid("the rule for parameter '" + name + "' takes too long; make it simpler");
        }
        if (!fits) {
            throw invalid("parameter '" + name + "' does not match " + rule);
        }
    }

    private static RefusedException invalid(String why) {
        return new RefusedException(Why.INVALID, why);
    }

    /** A text that loses patience with a rule that reads it again and again: there are rules that would need years. */
    private static final class Patient implements CharSequence {

        static final class LostException extends RuntimeException {

            private static final long serialVersionUID = 1;

            LostException() {
                super(null, null, false, false);
            }
        }

        private final String text;
        private int left = 1_000_000;

        Patient(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new LostException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
