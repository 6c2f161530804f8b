package io.pantograph.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Version;

/**
 * One clause of a manifest header: {@code com.example;version="[1,2)";resolution:=optional}.
 *
 * @param attributes with their types: String, Version, Long, Double or a List of them
 */
record Clause(List<String> paths, Map<String, Object> attributes, Map<String, String> directives) {

    /** @throws Objection if the header is not written as headers are */
    static List<Clause> of(String header, String value) throws Objection {
        List<Clause> clauses = new ArrayList<>();
        if (value == null || value.isBlank()) {
            return clauses;
        }
        try {
            for (String text : split(value, ',')) {
                clauses.add(clause(text));
            }
        } catch (IllegalArgumentException e) {
            throw new Objection("has a header " + header + " that cannot be read", e);
        }
        return clauses;
    }

    private static Clause clause(String text) {
        List<String> paths = new ArrayList<>();
        Map<String, Object> attributes = new LinkedHashMap<>();
        Map<String, String> directives = new LinkedHashMap<>();
        for (String part : split(text, ';')) {
            int sign = equalsSign(part);
            if (sign < 0) {
                paths.add(part);
            } else if (part.charAt(sign - 1) == ':') {
                directives.put(part.substring(0, sign - 1).trim(), unquoted(part.substring(sign + 1)));
            } else {
                String[] name = part.substring(0, sign).split(":", 2);
                attributes.put(name[0].trim(), typed(name.length == 1 ? "String" : name[1].replace(" ", ""), unquoted(part.substring(sign + 1))));
            }
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException(text);
        }
        return new Clause(List.copyOf(paths), attributes, directives);
    }

    private static Object typed(String type, String value) {
        if (type.startsWith("List")) {
            String element = type.equals("List") ? "String" : type.substring("List<".length(), type.length() - 1);
            List<Object> list = new ArrayList<>();
            for (String each : value.split(",")) {
                list.add(typed(element, each.trim()));
            }
            return list;
        }
        return switch (type) {
            case "String" -> value;
            case "Version" -> Version.parseVersion(value);
            case "Long" -> Long.valueOf(value.trim());
            case "Double" -> Double.valueOf(value.trim());
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static int equalsSign(String part) {
        int sign = part.indexOf('=');
        int quote = part.indexOf('"');
        return sign <= 0 || quote >= 0 && quote < sign ? -1 : sign;
    }

    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char here = text.charAt(i);
            if (quoted && here == '\\') {
                i++;
            } else if (here == '"') {
                quoted = !quoted;
            } else if (here == at && !quoted) {
                parts.add(part(text.substring(start, i)));
                start = i + 1;
            }
        }
        if (quoted) {
            throw new IllegalArgumentException(text);
        }
        parts.add(part(text.substring(start)));
        return parts;
    }

    private static String part(String text) {
        String part = text.trim();
        if (part.isEmpty()) {
            throw new IllegalArgumentException(text);
        }
        return part;
    }

    private static String unquoted(String value) {
        String text = value.trim();
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
            return text;
        }
        return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
    }
}
