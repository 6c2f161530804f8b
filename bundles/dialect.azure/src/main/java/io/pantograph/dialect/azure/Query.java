package io.pantograph.dialect.azure;

/** The end of an answer's topic, {@code name=value&name=value}. Values are not decoded: what is asked for goes back as it came. */
final class Query {

    private Query() {
    }

    /** Empty if it is not there. */
    static String value(String query, String name) {
        for (int from = 0; from < query.length();) {
            int end = query.indexOf('&', from);
            end = end < 0 ? query.length() : end;
            if (query.startsWith(name, from) && from + name.length() < end && query.charAt(from + name.length()) == '=') {
                return query.substring(from + name.length() + 1, end);
            }
            from = end + 1;
        }
        return "";
    }

    /** Digits only, and few enough for a long. */
    static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** An HTTP status: exactly three digits; -1 if it is none. */
    static int status(String text) {
        return text.length() == 3 && isNumber(text) && text.charAt(0) != '0' ? Integer.parseInt(text) : -1;
    }
}
