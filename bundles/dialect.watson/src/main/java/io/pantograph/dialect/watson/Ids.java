package io.pantograph.dialect.watson;

import io.pantograph.api.model.Names;

/** The names that Watson gives to organisations, types, devices and applications. */
final class Ids {

    /** The organisation of those who are not registered. */
    static final String QUICKSTART = "quickstart";

    static final int MAX = 36;
    private static final int ORG = 6;

    private Ids() {
    }

    /** The id itself. @throws IllegalArgumentException naming what it was, the value and the rule */
    static String check(String what, String id) {
        if (!valid(id)) {
            throw new IllegalArgumentException(what + " '" + Names.visible(id) + "' must be 1 to 36 characters of A-Z a-z 0-9 - _ .");
        }
        return id;
    }

    static String checkOrg(String what, String org) {
        if (!org.equals(QUICKSTART) && !(org.length() == ORG && valid(org) && org.chars().allMatch(Ids::letterOrDigit))) {
            throw new IllegalArgumentException(what + " '" + Names.visible(org) + "' must be 6 characters of A-Z a-z 0-9, or quickstart");
        }
        return org;
    }

    static boolean valid(String id) {
        return valid(id, MAX);
    }

    static boolean valid(String id, int max) {
        if (id.isEmpty() || id.length() > max) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (!letterOrDigit(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    /** This text made an id: what is not allowed becomes a dash, what is too long is cut. */
    static String from(String text) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < text.length() && id.length() < MAX; i++) {
            String c = text.substring(i, i + 1);
            id.append(valid(c) ? c : "-");
        }
        return id.toString();
    }

    private static boolean letterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
