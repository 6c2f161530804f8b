package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.hub.azure.rest.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words of a query, and where the reader is. */
final class Words {

    private static final Set<String> KEYWORDS = Set.of(
            "select", "top", "from", "where", "group", "by", "as", "and", "or", "not", "in", "nin", "true", "false", "null");

    private final List<Token> all;
    private int place;

    Words(List<Token> all) {
        this.all = all;
    }

    int place() {
        return place;
    }

    void go(int to) {
        place = to;
    }

    Token peek() {
        return peek(0);
    }

    /** The end if there are not so many. */
    Token peek(int ahead) {
        return all.get(Math.min(place + ahead, all.size() - 1));
    }

    Token next() {
        Token token = peek();
        place = Math.min(place + 1, all.size() - 1);
        return token;
    }

    boolean take(String keyword) {
        boolean there = peek().word(keyword);
        if (there) {
            next();
        }
        return there;
    }

    boolean takeSign(String sign) {
        boolean there = peek().is(sign);
        if (there) {
            next();
        }
        return there;
    }

    void expect(String keyword) throws AzureException {
        if (!take(keyword)) {
            throw expected(keyword);
        }
    }

    void expectSign(String sign) throws AzureException {
        if (!takeSign(sign)) {
            throw expected("'" + sign + "'");
        }
    }

    /** A name that the query gives. */
    Token name(String what) throws AzureException {
        Token token = peek();
        if (token.kind() != Kind.NAME && (token.kind() != Kind.WORD || keyword(token))) {
            throw expected(what);
        }
        return next();
    }

    static boolean keyword(Token token) {
        return token.kind() == Kind.WORD && KEYWORDS.contains(token.text().toLowerCase(Locale.ROOT));
    }

    /** Where this keyword first stands, as a keyword; the end if nowhere. */
    int find(String keyword) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).word(keyword) && (i == 0 || !all.get(i - 1).is("."))) {
                return i;
            }
        }
        return all.size() - 1;
    }

    AzureException expected(String what) {
        return Lexer.wrong(peek().at(), "expected " + what + ", found " + peek().shown());
    }
}
