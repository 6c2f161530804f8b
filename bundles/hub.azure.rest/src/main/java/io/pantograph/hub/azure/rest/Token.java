package io.pantograph.hub.azure.rest;

import io.pantograph.api.model.Names;

/**
 * A word of a query.
 *
 * @param text of a name or text without its quotes
 * @param value of a number or text
 * @param at where it begins, counted from 1
 */
record Token(Kind kind, String text, Object value, int at) {

    enum Kind {
        /** May be a keyword. */
        WORD,
        /** A name in {@code [[ ]]}: never a keyword. */
        NAME,
        NUMBER, TEXT, SIGN, END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean word(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    /** For an error. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case TEXT -> "the text '" + Names.visible(text) + "'";
            default -> "'" + Names.visible(text) + "'";
        };
    }
}
