package io.pantograph.api.model;

/**
 * The one rule for names that travel in topics: event, command and format names.
 * 1 to 128 characters of {@code A-Z a-z 0-9 . _ : -}, so that no name can inject a topic level, a wildcard or a control character.
 */
public final class Names {

    private Names() {
    }

    /** The name itself, if it keeps the rule. @throws IllegalArgumentException naming what it was, the value and the rule */
    public static String check(String what, String name) {
        if (!valid(name)) {
            throw new IllegalArgumentException(
                    what + " '" + visible(name) + "' must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return name;
    }

    /** Whether the name keeps the rule; false for null. */
    public static boolean valid(String name) {
        if (name == null || name.isEmpty() || name.length() > 128) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean good = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || c == '.' || c == '_' || c == ':' || c == '-';
            if (!good) {
                return false;
            }
        }
        return true;
    }

    /** A text from outside made fit for a message or a log line: at most 80 characters, everything but visible ASCII escaped. */
    public static String visible(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < 80; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return text.length() > 80 ? out.append("...").toString() : out.toString();
    }
}
