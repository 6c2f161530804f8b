package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.hub.azure.rest.Expression.Path;
import io.pantograph.hub.azure.rest.Query.Item;
import io.pantograph.hub.azure.rest.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads a query:
 *
 * <pre>{@code
 * SELECT [TOP n] * | item, ...  FROM devices | devices.modules [[AS] alias]  [WHERE condition]  [GROUP BY path, ...]
 * item: expression [AS name] | COUNT() | COUNT|AVG|SUM|MIN|MAX(expression) [AS name]
 * }</pre>
 *
 * <p>Whatever is wrong is told with its position and what was expected there.
 */
final class QueryParser {

    /** No name for a collection, though not all of them are of this language. */
    private static final Set<String> AFTER_SOURCE = Set.of("where", "group", "order", "having", "join", "limit");

    private final Words words;
    private final Expressions expressions;
    private final boolean modules;

    private QueryParser(Words words) throws AzureException {
        this.words = words;
        // What stands before FROM is understood by the names that stand after it.
        words.go(words.find("FROM"));
        boolean there = words.take("FROM");
        modules = there && source();
        expressions = new Expressions(words, modules, there ? alias() : Set.of());
    }

    static Query read(String text) throws AzureException {
        Words words = new Words(Lexer.read(text));
        if (!words.peek().word("SELECT")) {
            throw words.expected("SELECT");
        }
        return new QueryParser(words).query();
    }

    private Set<String> alias() throws AzureException {
        boolean named = words.take("AS") || words.peek().kind() == Kind.NAME
                || words.peek().kind() == Kind.WORD && !AFTER_SOURCE.contains(words.peek().text().toLowerCase(Locale.ROOT));
        return named ? Set.of(words.name("a name for the collection").text()) : Set.of();
    }

    private boolean source() throws AzureException {
        Token begin = words.peek();
        words.expect("devices");
        if (!words.takeSign(".")) {
            return false;
        }
        if (words.peek().word("jobs")) {
            throw new AzureException(AzureError.NotImplemented, "jobs are not part of this hub, so there is nothing in devices.jobs (position "
                    + begin.at() + ")");
        }
        words.expect("modules");
        return true;
    }

    private Query query() throws AzureException {
        int afterSource = words.place();
        words.go(0);
        words.expect("SELECT");
        OptionalInt top = top();
        List<Item> items = words.takeSign("*") ? List.of() : items();
        if (!words.peek().word("FROM")) {
            throw words.expected(items.isEmpty() ? "FROM" : "',', AS or FROM");
        }
        words.go(afterSource);
        Expression where = words.take("WHERE") ? expressions.condition() : new Expression.Constant(true);
        List<Path> groups = new ArrayList<>();
        if (words.take("GROUP")) {
            words.expect("BY");
            do {
                groups.add(expressions.path());
            } while (words.takeSign(","));
        }
        if (words.peek().kind() != Kind.END) {
            throw words.expected(groups.isEmpty() ? "WHERE, AND, OR, GROUP BY, an operator or the end" : "',' or the end");
        }
        Query query = new Query(List.copyOf(items), top, modules, where, List.copyOf(groups));
        check(query);
        return query;
    }

    private OptionalInt top() throws AzureException {
        if (!words.peek().word("TOP") || words.peek(1).kind() != Kind.NUMBER) {
            return OptionalInt.empty();
        }
        words.next();
        Token number = words.next();
        if (number.value() instanceof Long most && most >= 1 && most <= Integer.MAX_VALUE) {
            return OptionalInt.of(most.intValue());
        }
        throw Lexer.wrong(number.at(), "TOP takes a whole number of 1 to " + Integer.MAX_VALUE);
    }

    private List<Item> items() throws AzureException {
        List<Item> items = new ArrayList<>();
        Set<String> names = new HashSet<>();
        do {
            int at = words.peek().at();
            Item item = item(items.size() + 1);
            if (!names.add(item.name())) {
                throw Lexer.wrong(at, "the name '" + item.name() + "' is given twice, tell them apart with AS");
            }
            items.add(item);
        } while (words.takeSign(","));
        return items;
    }

    private Item item(int number) throws AzureException {
        Optional<Aggregate> aggregate = words.peek().kind() == Kind.WORD && words.peek(1).is("(")
                ? Aggregate.named(words.peek().text()) : Optional.empty();
        Expression of = aggregate.isPresent() ? aggregated(aggregate.get()) : expressions.expression();
        String name = words.take("AS") ? words.name("a name").text() : name(of, aggregate.isPresent(), number);
        return new Item(name, aggregate, of);
    }

    private Expression aggregated(Aggregate aggregate) throws AzureException {
        words.next();
        words.expectSign("(");
        Expression of = aggregate == Aggregate.COUNT && words.peek().is(")") ? new Expression.Constant(1L) : expressions.expression();
        if (aggregate == Aggregate.COUNT && !(of instanceof Expression.Constant)) {
            Expression there = new Expression.Applied(Function.IS_DEFINED, List.of(of));
            Expression counted = of;
            of = twin -> there.holds(twin) ? (Object) 1L : counted.of(twin);
        }
        words.expectSign(")");
        return of;
    }

    private static String name(Expression of, boolean aggregate, int number) {
        boolean named = !aggregate && of instanceof Path path && path.steps().get(path.steps().size() - 1) instanceof String;
        return named ? (String) ((Path) of).steps().get(((Path) of).steps().size() - 1) : "$" + number;
    }

    private static void check(Query query) throws AzureException {
        if (!query.grouped()) {
            return;
        }
        if (query.whole()) {
            throw Call.invalid("the query is wrong: with GROUP BY, name after SELECT what is wanted instead of *");
        }
        for (Item item : query.items()) {
            boolean one = item.of() instanceof Path path && query.groups().contains(path);
            if (item.aggregate().isEmpty() && !one) {
                throw Call.invalid("the query is wrong: '" + item.name() + "' has many values in a group; put it after GROUP BY or into "
                        + "COUNT, AVG, SUM, MIN or MAX");
            }
        }
    }
}
