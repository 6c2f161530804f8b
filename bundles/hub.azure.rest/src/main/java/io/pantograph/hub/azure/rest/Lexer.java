package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.model.Names;
import io.pantograph.hub.azure.rest.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Takes a query apart into words. */
final class Lexer {

    private static final int LONGEST = 8192;
    private static final int LONGEST_NUMBER = 64;
    private static final String SIGNS = "*,().[]=<>+-/%";

    private final String text;
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** All words, the end as the last. */
    static List<Token> read(String query) throws AzureException {
        if (query.length() > LONGEST) {
            throw Call.invalid("the query has " + query.length() + " characters, " + LONGEST + " at most are taken");
        }
        Lexer lexer = new Lexer(query);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.get(tokens.size() - 1).kind() != Kind.END);
        return tokens;
    }

    /** @param place counted from 1 */
    static AzureException wrong(int place, String what) {
        return Call.invalid("the query is wrong at position " + place + ": " + what);
    }

    private Token next() throws AzureException {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        int begin = at;
        if (at == text.length()) {
            return new Token(Kind.END, "", null, begin + 1);
        }
        char c = text.charAt(at);
        if (inName(c) && !digit(c)) {
            while (at < text.length() && inName(text.charAt(at))) {
                at++;
            }
            return new Token(Kind.WORD, text.substring(begin, at), null, begin + 1);
        }
        if (digit(c) || c == '.' && at + 1 < text.length() && digit(text.charAt(at + 1))) {
            return number(begin);
        }
        if (c == '\'' || c == '"') {
            String value = quoted(begin, c);
            return new Token(Kind.TEXT, value, value, begin + 1);
        }
        if (text.startsWith("[[", at)) {
            return bracketed(begin);
        }
        return sign(begin, c);
    }

    private static boolean inName(char c) {
        return c == '_' || c == '$' || Character.isLetterOrDigit(c);
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private Token number(int begin) throws AzureException {
        digits();
        boolean whole = true;
        if (at < text.length() && text.charAt(at) == '.') {
            whole = false;
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            whole = false;
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            if (digits() == 0) {
                throw wrong(at + 1, "expected the digits of an exponent");
            }
        }
        String written = text.substring(begin, at);
        if (written.length() > LONGEST_NUMBER) {
            throw wrong(begin + 1, "a number has at most " + LONGEST_NUMBER + " characters");
        }
        return new Token(Kind.NUMBER, written, value(written, whole, begin), begin + 1);
    }

    private static Number value(String written, boolean whole, int begin) throws AzureException {
        if (whole) {
            BigInteger exact = new BigInteger(written);
            return exact.bitLength() < 64 ? (Number) exact.longValue() : exact;
        }
        double value = Double.parseDouble(written);
        if (Double.isInfinite(value)) {
            throw wrong(begin + 1, "the number is too large");
        }
        return value;
    }

    private int digits() {
        int begin = at;
        while (at < text.length() && digit(text.charAt(at))) {
            at++;
        }
        return at - begin;
    }

    /** Between single or double quotes; the quote itself is written twice or after a backslash. */
    private String quoted(int begin, char quote) throws AzureException {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                value.append(escaped());
            } else if (c != quote) {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == quote) {
                value.append(quote);
                at++;
            } else {
                return value.toString();
            }
        }
        throw wrong(begin + 1, "the text that begins here has no closing " + quote);
    }

    private char escaped() throws AzureException {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        return switch (c) {
            case '\\', '\'', '"', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> throw wrong(at, "after \\ comes one of \\ ' \" / n r t b f u");
        };
    }

    private char unicode() throws AzureException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw wrong(at + 1, "after \\u come four hexadecimal digits");
            }
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    private Token bracketed(int begin) throws AzureException {
        int end = text.indexOf("]]", begin + 2);
        if (end < 0) {
            throw wrong(begin + 1, "the name that begins here has no closing ]]");
        }
        at = end + 2;
        String name = text.substring(begin + 2, end);
        if (name.isEmpty()) {
            throw wrong(begin + 1, "the name between [[ and ]] is empty");
        }
        return new Token(Kind.NAME, name, null, begin + 1);
    }

    private Token sign(int begin, char c) throws AzureException {
        String two = text.substring(at, Math.min(at + 2, text.length()));
        if (two.equals("!=") || two.equals("<>") || two.equals("<=") || two.equals(">=")) {
            at += 2;
            return new Token(Kind.SIGN, two, null, begin + 1);
        }
        if (SIGNS.indexOf(c) < 0) {
            throw wrong(begin + 1, "'" + Names.visible(String.valueOf(c)) + "' is no part of the language");
        }
        at++;
        return new Token(Kind.SIGN, String.valueOf(c), null, begin + 1);
    }
}
