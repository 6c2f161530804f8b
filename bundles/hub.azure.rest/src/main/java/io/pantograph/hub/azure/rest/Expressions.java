package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.model.Names;
import io.pantograph.hub.azure.rest.Expression.Path;
import io.pantograph.hub.azure.rest.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads conditions and expressions, what binds weakest first: OR, AND, NOT, comparisons and IN, + and -, * / and %, a sign. */
final class Expressions {

    private static final int DEEPEST = 32;
    private static final int LONGEST_CHAIN = 256;

    /** What every twin has at its root. The cloud takes these in any case, other names as they are. */
    private static final Map<String, String> ROOTS = Stream.of("deviceId", "moduleId", "etag", "deviceEtag", "status", "statusReason",
            "statusUpdateTime", "connectionState", "connectionStateUpdatedTime", "lastActivityTime", "cloudToDeviceMessageCount",
            "authenticationType", "x509Thumbprint", "modelId", "version", "tags", "properties", "capabilities", "deviceScope", "parentScopes")
            .collect(Collectors.toMap(name -> name.toLowerCase(Locale.ROOT), UnaryOperator.identity()));

    private final Words words;
    private final boolean modules;
    private final Set<String> aliases;
    private int depth;

    /** @param aliases of the collection */
    Expressions(Words words, boolean modules, Set<String> aliases) {
        this.words = words;
        this.modules = modules;
        this.aliases = aliases;
    }

    Expression condition() throws AzureException {
        return expression();
    }

    Expression expression() throws AzureException {
        deeper();
        List<Expression> any = new ArrayList<>(List.of(and()));
        while (words.take("OR")) {
            any.add(and());
        }
        depth--;
        return any.size() == 1 ? any.get(0) : new Expression.Any(any);
    }

    private void deeper() throws AzureException {
        if (++depth > DEEPEST) {
            throw Lexer.wrong(words.peek().at(), "deeper than " + DEEPEST + " levels");
        }
    }

    private Expression and() throws AzureException {
        List<Expression> all = new ArrayList<>(List.of(not()));
        while (words.take("AND")) {
            all.add(not());
        }
        return all.size() == 1 ? all.get(0) : new Expression.All(all);
    }

    private Expression not() throws AzureException {
        if (!words.take("NOT")) {
            return comparison();
        }
        deeper();
        Expression opposite = new Expression.Not(not());
        depth--;
        return opposite;
    }

    private Expression comparison() throws AzureException {
        Expression left = sum();
        if (words.take("IN")) {
            return new Expression.In(left, list(), true);
        }
        if (words.take("NIN")) {
            return new Expression.In(left, list(), false);
        }
        Comparing how = words.peek().kind() == Kind.SIGN ? Comparing.SIGNS.get(words.peek().text()) : null;
        if (how == null) {
            return left;
        }
        words.next();
        return new Expression.Comparison(left, how, sum());
    }

    private List<Expression> list() throws AzureException {
        boolean brackets = words.takeSign("[");
        if (!brackets && !words.takeSign("(")) {
            throw words.expected("'[' and a list");
        }
        List<Expression> list = new ArrayList<>();
        do {
            list.add(sum());
        } while (words.takeSign(","));
        words.expectSign(brackets ? "]" : ")");
        return list;
    }

    private Expression sum() throws AzureException {
        Expression left = product();
        for (int chain = 0; words.peek().is("+") || words.peek().is("-"); chain++) {
            left = new Expression.Calculation(left, sign(chain), product());
        }
        return left;
    }

    private Expression product() throws AzureException {
        Expression left = signed();
        for (int chain = 0; words.peek().is("*") || words.peek().is("/") || words.peek().is("%"); chain++) {
            left = new Expression.Calculation(left, sign(chain), signed());
        }
        return left;
    }

    private char sign(int chain) throws AzureException {
        if (chain == LONGEST_CHAIN) {
            throw Lexer.wrong(words.peek().at(), "more than " + LONGEST_CHAIN + " terms");
        }
        return words.next().text().charAt(0);
    }

    private Expression signed() throws AzureException {
        if (!words.takeSign("-")) {
            return primary();
        }
        deeper();
        Expression negative = new Expression.Calculation(new Expression.Constant(0L), '-', signed());
        depth--;
        return negative;
    }

    private Expression primary() throws AzureException {
        Token token = words.peek();
        if (token.kind() == Kind.NUMBER || token.kind() == Kind.TEXT) {
            return new Expression.Constant(words.next().value());
        }
        if (words.takeSign("(")) {
            Expression inside = expression();
            words.expectSign(")");
            return inside;
        }
        if (token.kind() == Kind.WORD && words.peek(1).is("(") && !Words.keyword(token)) {
            return call();
        }
        if (words.take("TRUE")) {
            return new Expression.Constant(true);
        }
        if (words.take("FALSE")) {
            return new Expression.Constant(false);
        }
        if (words.take("NULL")) {
            return new Expression.Constant(null);
        }
        if (token.kind() != Kind.NAME && (token.kind() != Kind.WORD || Words.keyword(token))) {
            throw words.expected("a property, a value, a function or '('");
        }
        return path();
    }

    private Expression call() throws AzureException {
        Token name = words.next();
        Optional<Function> function = Function.named(name.text());
        if (function.isEmpty()) {
            throw Lexer.wrong(name.at(), Aggregate.named(name.text()).isPresent() ? name.text() + " may stand only by itself after SELECT"
                    : "there is no function '" + Names.visible(name.text()) + "'");
        }
        words.expectSign("(");
        List<Expression> arguments = new ArrayList<>();
        if (!words.peek().is(")")) {
            do {
                arguments.add(expression());
            } while (words.takeSign(","));
        }
        words.expectSign(")");
        int least = function.get().least;
        int most = function.get().most;
        if (arguments.size() < least || arguments.size() > most) {
            throw Lexer.wrong(name.at(), name.text() + " takes " + (least == most ? least : least + " to " + most) + " arguments, not "
                    + arguments.size());
        }
        return new Expression.Applied(function.get(), List.copyOf(arguments));
    }

    /** A property, its name in front of it or not: {@code tags.hall}, {@code devices.tags.hall}, {@code c.tags['hall'][0]}. */
    Path path() throws AzureException {
        int at = words.peek().at();
        List<Object> steps = new ArrayList<>();
        steps.add(words.name("a property").text());
        while (true) {
            if (words.takeSign(".")) {
                steps.add(step());
            } else if (words.takeSign("[")) {
                steps.add(place());
                words.expectSign("]");
            } else {
                break;
            }
        }
        return new Path(rooted(steps, at));
    }

    /** After a dot every word is a name. */
    private String step() throws AzureException {
        Token token = words.peek();
        if (token.kind() != Kind.WORD && token.kind() != Kind.NAME) {
            throw words.expected("the name of a property");
        }
        return words.next().text();
    }

    private Object place() throws AzureException {
        Token token = words.peek();
        if (token.kind() == Kind.TEXT) {
            return words.next().value();
        }
        if (token.value() instanceof Long place && place <= Integer.MAX_VALUE) {
            words.next();
            return place.intValue();
        }
        throw words.expected("a name in quotes or a place in a list");
    }

    private List<Object> rooted(List<Object> steps, int at) throws AzureException {
        int front = 0;
        if (aliases.contains(steps.get(0))) {
            front = 1;
        } else if (is(steps, 0, "devices")) {
            front = modules && is(steps, 1, "modules") ? 2 : 1;
        }
        if (front >= steps.size()) {
            throw Lexer.wrong(at, "expected a property after the name of the collection");
        }
        List<Object> rooted = new ArrayList<>(steps.subList(front, steps.size()));
        if (rooted.get(0) instanceof String root) {
            rooted.set(0, ROOTS.getOrDefault(root.toLowerCase(Locale.ROOT), root));
        }
        return List.copyOf(rooted);
    }

    private static boolean is(List<Object> steps, int place, String name) {
        return place < steps.size() && steps.get(place) instanceof String step && step.equalsIgnoreCase(name);
    }
}
