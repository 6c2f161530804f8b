package io.pantograph.hub.azure.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The query language by tables. */
class QueryTest {

    private static final List<Values> DEVICES = Stream.of(
            "{'deviceId':'a','etag':'x','status':'enabled','connectionState':'Connected','version':3,'lastActivityTime':'2026-01-02T00:00:00Z',"
                    + "'capabilities':{'iotEdge':true},'tags':{'hall':'A','floor':1,'list':[1,'two',{'x':3}],'nothing':null,'from':'here','my key':7,'q':\"it's\"},"
                    + "'properties':{'desired':{'t':20,'$version':4},'reported':{'t':20.5,'ok':true,'s':'Hello World','o':{'p':1}}}}",
            "{'deviceId':'b','status':'enabled','connectionState':'Disconnected','version':1,'lastActivityTime':'2026-01-01T00:00:00Z',"
                    + "'tags':{'hall':'B','floor':2},'properties':{'desired':{'t':21,'$version':1},'reported':{'t':19,'ok':false,'s':'bye'}}}",
            "{'deviceId':'c','status':'enabled','connectionState':'Disconnected','version':1,'tags':{'hall':'A','floor':3.0},"
                    + "'properties':{'desired':{'$version':1},'reported':{'t':-4}}}",
            "{'deviceId':'d','status':'disabled','connectionState':'Disconnected','version':1,'tags':{},'properties':{'desired':{},'reported':{}}}",
            "{'deviceId':'e','status':'enabled','connectionState':'Connected','version':9007199254740993,'tags':{'hall':5,'floor':1},"
                    + "'properties':{'desired':{'t':'warm'},'reported':{'t':'warm','ok':null,'s':''}}}")
            .map(QueryTest::parsed).toList();

    private static final List<Values> MODULES = Stream.of(
            "{'deviceId':'a','moduleId':'m1','tags':{'k':1},'properties':{'desired':{},'reported':{'v':1}}}",
            "{'deviceId':'a','moduleId':'m2','properties':{'desired':{},'reported':{'v':2}}}",
            "{'deviceId':'b','moduleId':'m1','properties':{'desired':{},'reported':{'v':3}}}")
            .map(QueryTest::parsed).toList();

    private static Values parsed(String text) {
        return TestJson.values(text.replace("\"it's\"", "'it\\u0027s'"));
    }

    private static List<Values> found(String text) throws AzureException {
        Query query = QueryParser.read(text);
        Results.Page page = new Results(query, query.modules() ? MODULES : DEVICES).page(Continuation.begin(text), 100);
        assertTrue(page.next().isEmpty());
        return page.found();
    }

    private static Stream<String> rows(String table) {
        return table.lines().map(String::strip).filter(line -> !line.isEmpty());
    }

    // --- conditions: which devices they hold for

    static Stream<String> conditions() {
        return rows("""
                deviceId = 'a' ~ a
                deviceId = "a" ~ a
                DEVICEID = 'a' ~ a
                'a' = deviceId ~ a
                deviceId != 'a' ~ bcde
                deviceId <> 'a' ~ bcde
                deviceId < 'c' ~ ab
                deviceId <= 'c' ~ abc
                deviceId > 'c' ~ de
                deviceId >= 'c' ~ cde
                devices.deviceId = 'a' ~ a
                Devices.tags.hall = 'A' ~ ac
                status = 'disabled' ~ d
                status = 'Disabled' ~
                connectionState = 'Connected' AND status = 'enabled' ~ ae
                connectionstate = 'Connected' ~ ae
                tags.hall = 'A' ~ ac
                Tags.hall = 'A' ~ ac
                tags.Hall = 'A' ~
                tags.hall = 'A' AND tags.floor = 1 ~ a
                tags.hall = 'A' and tags.floor > 1 ~ c
                tags.hall = 'A' OR tags.hall = 'B' ~ abc
                tags.hall = 'B' OR tags.hall = 'A' AND tags.floor = 1 ~ ab
                (tags.hall = 'B' OR tags.hall = 'A') AND tags.floor = 1 ~ a
                NOT tags.hall = 'A' ~ bde
                NOT (tags.hall = 'A' OR tags.hall = 'B') ~ de
                NOT NOT tags.hall = 'A' ~ ac
                NOT tags.hall = 'A' AND status = 'enabled' ~ be
                tags.hall != 'A' ~ be
                tags.hall = 5 ~ e
                tags.hall = '5' ~
                tags.hall < 6 ~ e
                tags.nope = 1 ~
                tags.nope != 1 ~
                NOT tags.nope = 1 ~ abcde
                tags.nope = null ~
                tags.nope != null ~
                tags.nothing = null ~ a
                tags.nothing != null ~
                tags.hall != null ~ abce
                tags.floor = 3 ~ c
                tags.floor = 3.0 ~ c
                tags.floor = 1.0 ~ ae
                tags.floor = 1e0 ~ ae
                tags.floor IN [1, 2] ~ abe
                tags.floor IN (1, 3) ~ ace
                tags.floor in [1] ~ ae
                tags.floor NIN [1, 2] ~ c
                tags.hall NIN ['A'] ~ be
                NOT tags.floor IN [1, 2] ~ cd
                deviceId IN ['a', 'x', 'e'] ~ ae
                tags.floor IN [tags.floor] ~ abce
                tags.nothing IN [null] ~ a
                tags.nope IN [null] ~
                tags.list IN [1] ~
                tags.list = tags.list ~
                tags.list != 1 ~
                properties.reported.t > 19 ~ a
                properties.reported.t >= 19 ~ ab
                properties.reported.t < 0 ~ c
                properties.reported.t = -4 ~ c
                properties.reported.t = - 4 ~ c
                properties.reported.t = 0-4 ~ c
                properties.reported.t = 'warm' ~ e
                properties.reported.t > properties.desired.t ~ a
                properties.desired.t = properties.reported.t ~ e
                properties.desired.t - properties.reported.t = 2 ~ b
                properties.desired.t + 1 > 21 ~ b
                properties.desired.t * 2 = 40 ~ a
                properties.desired.t / 2 = 10.5 ~ b
                properties.desired.t / 2 = 10 ~ a
                properties.desired.t % 2 = 1 ~ b
                2 + 3 * 4 = 14 ~ abcde
                (2 + 3) * 4 = 20 ~ abcde
                10 - 3 - 2 = 5 ~ abcde
                7 % 4 = 3 ~ abcde
                --1 = 1 ~ abcde
                1 / 0 = 1 ~
                is_defined(1 / 0) ~
                9223372036854775807 + 1 > 0 ~ abcde
                -9223372036854775808 / -1 > 0 ~ abcde
                123456789012345678901234567890 > 1 ~ abcde
                'a' + 'b' = 'ab' ~
                tags.hall + 1 = 6 ~ e
                version = 9007199254740993 ~ e
                version = 9007199254740992 ~
                properties.reported.ok = true ~ a
                properties.reported.ok = false ~ b
                properties.reported.ok = TRUE ~ a
                properties.reported.ok ~ a
                NOT properties.reported.ok ~ b
                properties.reported.ok = null ~ e
                properties.reported.ok != true ~ be
                properties.reported.ok > false ~
                properties.reported.o.p = 1 ~ a
                properties.reported.o = 1 ~
                properties.reported.o != 1 ~
                properties.reported.s.x = 1 ~
                properties.desired.$version = 1 ~ bc
                properties.desired.$version >= 1 ~ abc
                capabilities.iotEdge = true ~ a
                capabilities.iotEdge ~ a
                lastActivityTime > '2026-01-01T12:00:00Z' ~ a
                tags.from = 'here' ~ a
                tags.[[from]] = 'here' ~ a
                tags.[[my key]] = 7 ~ a
                tags['my key'] = 7 ~ a
                [[tags]].hall = 'B' ~ b
                tags.list[0] = 1 ~ a
                tags.list[1] = 'two' ~ a
                tags.list[2].x = 3 ~ a
                tags.list[9] = 1 ~
                tags.q = 'it''s' ~ a
                tags.q = 'it\\'s' ~ a
                tags.q = "it's" ~ a
                tags.q = "it\\u0027s" ~ a
                tags.hall = '\\u0041' ~ ac
                is_defined(tags.hall) ~ abce
                IS_DEFINED(tags.nothing) ~ a
                isdefined(tags.nope) ~
                NOT is_defined(tags.hall) ~ d
                is_null(tags.nothing) ~ a
                is_null(tags.nope) ~
                is_bool(properties.reported.ok) ~ ab
                is_number(tags.hall) ~ e
                is_string(tags.hall) ~ abc
                is_object(properties.reported.o) ~ a
                is_object(tags) ~ abcde
                is_array(tags.list) ~ a
                is_primitive(tags.list) ~
                is_primitive(tags.nothing) ~ a
                is_primitive(tags.hall) ~ abce
                is_defined(tags.hall) = true ~ abce
                startswith(properties.reported.s, 'Hello') ~ a
                starts_with(properties.reported.s, '') ~ abe
                STARTSWITH(deviceId, 'b') ~ b
                endswith(properties.reported.s, 'World') ~ a
                ends_with(properties.reported.s, 'ye') ~ b
                contains(properties.reported.s, 'o W') ~ a
                contains(tags.hall, 'A') ~ ac
                NOT contains(tags.hall, 'A') ~ b
                length(properties.reported.s) = 3 ~ b
                length(properties.reported.s) = 0 ~ e
                length(tags.list) = 3 ~ a
                length(tags) = 1 ~
                substring(properties.reported.s, 6) = 'World' ~ a
                substring(properties.reported.s, 0, 5) = 'Hello' ~ a
                substring(properties.reported.s, 99) = '' ~ abe
                substring(properties.reported.s, 2, 99) = 'e' ~ b
                substring(properties.reported.s, -1) = '' ~
                index_of(properties.reported.s, 'W') = 6 ~ a
                index_of(properties.reported.s, 'z') = -1 ~ abe
                lower(properties.reported.s) = 'hello world' ~ a
                upper(tags.hall) = 'A' ~ ac
                concat(tags.hall, '-', deviceId) = 'A-c' ~ c
                as_number('1.5') = 1.5 ~ abcde
                as_number('x') = 1 ~
                abs(properties.reported.t) = 4 ~ c
                floor(properties.reported.t) = 20 ~ a
                ceiling(properties.reported.t) = 21 ~ a
                sign(properties.reported.t) = -1 ~ c
                sqrt(4) = 2 ~ abcde
                sqrt(-4) = 2 ~
                square(properties.reported.t) = 16 ~ c
                power(2, 10) = 1024 ~ abcde
                exp(0) = 1 ~ abcde
                abs(tags.hall) = 5 ~ e
                true ~ abcde
                false ~
                null ~
                1 ~
                'true' ~
                .5 < 1 ~ abcde
                1. = 1 ~ abcde
                -0.0 = 0.0 ~ abcde
                1=1 ~ abcde
                (((deviceId='a'))) ~ a
                """);
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void holds(String row) throws AzureException {
        String[] sides = row.split("~", -1);
        String ids = found("SELECT * FROM devices WHERE " + sides[0]).stream().map(twin -> twin.text("deviceId")).collect(Collectors.joining());
        assertEquals(sides[1].strip(), ids);
    }

    // --- whole queries, and what they find

    static Stream<String> queries() {
        return rows("""
                SELECT deviceId FROM devices ~ [{'deviceId':'a'},{'deviceId':'b'},{'deviceId':'c'},{'deviceId':'d'},{'deviceId':'e'}]
                select deviceid from DEVICES where status='disabled' ~ [{'deviceId':'d'}]
                SELECT TOP 2 deviceId FROM devices ~ [{'deviceId':'a'},{'deviceId':'b'}]
                SELECT TOP 1 deviceId AS id FROM devices WHERE tags.hall = 'B' ~ [{'id':'b'}]
                SELECT deviceId, tags.hall AS where_is, properties.reported.t FROM devices WHERE deviceId = 'a' ~ [{'deviceId':'a','where_is':'A','t':20.5}]
                SELECT tags.nope, deviceId FROM devices WHERE deviceId = 'a' ~ [{'deviceId':'a'}]
                SELECT tags.nope FROM devices WHERE deviceId = 'a' ~ [{}]
                SELECT tags.nothing FROM devices WHERE deviceId = 'a' ~ [{'nothing':null}]
                SELECT tags FROM devices WHERE deviceId = 'b' ~ [{'tags':{'hall':'B','floor':2}}]
                SELECT tags.list[0] FROM devices WHERE deviceId = 'a' ~ [{'$1':1}]
                SELECT tags.list FROM devices WHERE deviceId = 'a' ~ [{'list':[1,'two',{'x':3}]}]
                SELECT 1 + 1, 'x' AS [[a b]] FROM devices WHERE deviceId = 'a' ~ [{'$1':2,'a b':'x'}]
                SELECT upper(deviceId) AS id FROM devices WHERE deviceId = 'a' ~ [{'id':'A'}]
                SELECT c.deviceId FROM devices AS c WHERE c.tags.hall = 'B' ~ [{'deviceId':'b'}]
                SELECT c.deviceId FROM devices c WHERE c.tags.hall = 'B' AND tags.floor = 2 ~ [{'deviceId':'b'}]
                SELECT devices.tags.hall FROM devices WHERE deviceId = 'b' ~ [{'hall':'B'}]
                SELECT COUNT() FROM devices ~ [{'$1':5}]
                SELECT COUNT() AS n FROM devices WHERE tags.hall = 'A' ~ [{'n':2}]
                SELECT count() AS n FROM devices WHERE tags.hall = 'Z' ~ [{'n':0}]
                SELECT COUNT(tags.hall) AS n FROM devices ~ [{'n':4}]
                SELECT COUNT(tags.nothing) AS n FROM devices ~ [{'n':1}]
                SELECT AVG(properties.reported.t) AS avg_t, MIN(properties.reported.t) AS lo, MAX(properties.reported.t) AS hi, SUM(tags.floor) AS s FROM devices ~ \
                [{'avg_t':11.833333333333334,'lo':-4,'hi':20.5,'s':7.0}]
                SELECT AVG(tags.nope) AS a, SUM(tags.nope) AS s, MIN(tags.nope) AS m FROM devices ~ [{'s':0}]
                SELECT status, COUNT() AS n FROM devices GROUP BY status ~ [{'status':'enabled','n':4},{'status':'disabled','n':1}]
                SELECT tags.hall AS hall, COUNT() AS n FROM devices GROUP BY tags.hall ~ [{'hall':'A','n':2},{'hall':'B','n':1},{'n':1},{'hall':5,'n':1}]
                SELECT COUNT() AS n, devices.status FROM devices WHERE tags.floor = 1 GROUP BY Status ~ [{'n':2,'status':'enabled'}]
                SELECT TOP 1 status, COUNT() AS n FROM devices GROUP BY status ~ [{'status':'enabled','n':4}]
                SELECT status FROM devices GROUP BY status, connectionState ~ [{'status':'enabled'},{'status':'enabled'},{'status':'disabled'}]
                SELECT tags.floor AS f, COUNT() AS n FROM devices WHERE is_defined(tags.floor) GROUP BY tags.floor ~ [{'f':1,'n':2},{'f':2,'n':1},{'f':3,'n':1}]
                SELECT deviceId, moduleId FROM devices.modules ~ [{'deviceId':'a','moduleId':'m1'},{'deviceId':'a','moduleId':'m2'},{'deviceId':'b','moduleId':'m1'}]
                SELECT m.moduleId FROM devices.modules AS m WHERE m.properties.reported.v > 1 ~ [{'moduleId':'m2'},{'moduleId':'m1'}]
                SELECT devices.modules.moduleId FROM devices.modules WHERE devices.modules.properties.reported.v = 2 ~ [{'moduleId':'m2'}]
                SELECT * FROM devices.modules WHERE tags.k = 1 ~ [{'deviceId':'a','moduleId':'m1','tags':{'k':1},'properties':{'desired':{},'reported':{'v':1}}}]
                SELECT\tdeviceId\tFROM devices\tWHERE deviceId='a' ~ [{'deviceId':'a'}]
                SELECT TOP FROM devices WHERE deviceId = 'a' ~ !expected a property
                """);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void finds(String row) {
        String[] sides = row.split(" ~ ", -1);
        String said;
        try {
            said = TestJson.text(found(sides[0]));
        } catch (AzureException e) {
            said = e.getMessage().contains(sides[1].substring(1)) ? sides[1] : e.getMessage();
        }
        assertEquals(sides[1], said);
    }

    // --- what is wrong, where, and what was expected there

    static Stream<String> mistakes() {
        return rows("""
                ~ position 1: expected SELECT, found the end
                UPDATE devices ~ position 1: expected SELECT, found 'UPDATE'
                SELECT ~ position 7: expected a property
                SELECT * ~ position 9: expected FROM, found the end
                SELECT * FORM devices ~ position 10: expected FROM, found 'FORM'
                SELECT * FROM ~ position 14: expected devices, found the end
                SELECT * FROM things ~ position 15: expected devices, found 'things'
                SELECT * FROM devices.things ~ position 23: expected modules, found 'things'
                SELECT * FROM devices.jobs ~ jobs are not part of this hub
                SELECT *, deviceId FROM devices ~ position 9: expected FROM, found ','
                SELECT deviceId, FROM devices ~ position 18: expected a property
                SELECT deviceId tags FROM devices ~ position 17: expected ',', AS or FROM, found 'tags'
                SELECT deviceId AS FROM devices ~ position 20: expected a name, found 'FROM'
                SELECT deviceId AS 'x' FROM devices ~ position 20: expected a name, found the text 'x'
                SELECT deviceId, tags.deviceId FROM devices ~ position 18: the name 'deviceId' is given twice
                SELECT TOP 0 * FROM devices ~ position 12: TOP takes a whole number of 1 to 2147483647
                SELECT TOP 1.5 * FROM devices ~ position 12: TOP takes
                SELECT TOP 99999999999999999999 * FROM devices ~ position 12: TOP takes
                SELECT * FROM devices WHERE ~ position 28: expected a property, a value, a function or '(', found the end
                SELECT * FROM devices WHERE deviceId = ~ position 39: expected a property
                SELECT * FROM devices WHERE deviceId == 'a' ~ position 39: expected a property, a value, a function or '(', found '='
                SELECT * FROM devices WHERE deviceId = 'a ~ position 40: the text that begins here has no closing '
                SELECT * FROM devices WHERE deviceId = 'a\\ ~ position 42: after \\ comes one of
                SELECT * FROM devices WHERE deviceId = 'a\\q' ~ position 43: after \\ comes one of
                SELECT * FROM devices WHERE deviceId = '\\u12g4' ~ position 45: after \\u come four hexadecimal digits
                SELECT * FROM devices WHERE (deviceId = 'a' ~ position 44: expected ')', found the end
                SELECT * FROM devices WHERE deviceId = 'a') ~ position 43: expected WHERE, AND, OR, GROUP BY, an operator or the end, found ')'
                SELECT * FROM devices WHERE deviceId = 'a' 'b' ~ position 44: expected WHERE, AND, OR
                SELECT * FROM devices WHERE a = 1 = 1 ~ position 35: expected WHERE, AND, OR
                SELECT * FROM devices WHERE AND ~ position 29: expected a property
                SELECT * FROM devices WHERE a AND ~ position 34: expected a property
                SELECT * FROM devices WHERE NOT ~ position 32: expected a property
                SELECT * FROM devices WHERE a IN 1 ~ position 34: expected '[' and a list, found '1'
                SELECT * FROM devices WHERE a IN [] ~ position 35: expected a property
                SELECT * FROM devices WHERE a IN [1 ~ position 36: expected ']', found the end
                SELECT * FROM devices WHERE a IN [1) ~ position 36: expected ']', found ')'
                SELECT * FROM devices WHERE a. = 1 ~ position 32: expected the name of a property, found '='
                SELECT * FROM devices WHERE a[x] = 1 ~ position 31: expected a name in quotes or a place in a list, found 'x'
                SELECT * FROM devices WHERE a[1 = 1 ~ position 33: expected ']', found '='
                SELECT * FROM devices WHERE [[a = 1 ~ position 29: the name that begins here has no closing ]]
                SELECT * FROM devices WHERE [[]] = 1 ~ position 29: the name between [[ and ]] is empty
                SELECT * FROM devices WHERE devices = 1 ~ position 29: expected a property after the name of the collection
                SELECT * FROM devices c WHERE c = 1 ~ position 31: expected a property after the name of the collection
                SELECT * FROM devices WHERE a ; 1 ~ position 31: ';' is no part of the language
                SELECT * FROM devices WHERE a ! 1 ~ position 31: '!' is no part of the language
                SELECT * FROM devices WHERE a = 1e ~ position 35: expected the digits of an exponent
                SELECT * FROM devices WHERE a = 1e999 ~ position 33: the number is too large
                SELECT * FROM devices WHERE regex(a, 'b') ~ position 29: there is no function 'regex'
                SELECT * FROM devices WHERE count() > 1 ~ position 29: count may stand only by itself after SELECT
                SELECT COUNT() + 1 FROM devices ~ position 16: expected ',', AS or FROM, found '+'
                SELECT SUM() FROM devices ~ position 12: expected a property
                SELECT COUNT(*) FROM devices ~ position 14: expected a property
                SELECT * FROM devices WHERE length() = 1 ~ position 29: length takes 1 arguments, not 0
                SELECT * FROM devices WHERE contains(a) ~ position 29: contains takes 2 arguments, not 1
                SELECT * FROM devices WHERE substring(a, 1, 2, 3) = 'x' ~ position 29: substring takes 2 to 3 arguments, not 4
                SELECT * FROM devices ORDER BY deviceId ~ position 23: expected WHERE, AND, OR, GROUP BY
                SELECT * FROM devices GROUP status ~ position 29: expected BY, found 'status'
                SELECT * FROM devices GROUP BY ~ position 31: expected a property, found the end
                SELECT * FROM devices GROUP BY status ~ name after SELECT what is wanted instead of *
                SELECT deviceId, COUNT() AS n FROM devices ~ 'deviceId' has many values in a group
                SELECT status, tags.hall FROM devices GROUP BY status ~ 'hall' has many values in a group
                SELECT status, upper(status) FROM devices GROUP BY status ~ '$2' has many values in a group
                SELECT * FROM devices GROUP BY status WHERE a = 1 ~ position 39: expected ',' or the end, found 'WHERE'
                """);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void tellsWhatIsWrong(String row) {
        String[] sides = row.split("~ ", 2);
        AzureException wrong = assertThrows(AzureException.class, () -> found(sides[0].stripTrailing()));
        assertEquals(row.contains("jobs") ? AzureError.NotImplemented : AzureError.ArgumentInvalid, wrong.error());
        assertTrue(wrong.getMessage().contains(sides[1]), wrong.getMessage());
    }

    // --- bounds

    @Test
    void boundsWhatItTakes() {
        String begin = "SELECT * FROM devices WHERE ";
        for (String wrong : List.of(
                begin + "(".repeat(500) + "1=1" + ")".repeat(500),
                begin + "NOT ".repeat(500) + "true",
                begin + "-".repeat(500) + "1 = 1",
                begin + "abs(".repeat(500) + "1" + ")".repeat(500),
                begin + "1" + "+1".repeat(1000) + " = 1",
                begin + "1" + "*1".repeat(1000) + " = 1",
                begin + "a = " + "1".repeat(100),
                begin + "a = '" + "x".repeat(9000) + "'")) {
            assertEquals(AzureError.ArgumentInvalid, assertThrows(AzureException.class, () -> found(wrong)).error());
        }
    }

    @Test
    void takesLongConditions() throws AzureException {
        assertEquals(5, found("SELECT * FROM devices WHERE true" + " OR a=1".repeat(1000)).size());
        assertEquals(5, found("SELECT * FROM devices WHERE true" + " AND 1=1".repeat(900)).size());
    }

    // A client must never see anything but a refusal that says what is wrong, whatever it sends.
    @Test
    void refusesNonsenseInOrder() {
        Random random = new Random(20260101);
        List<String> words = new ArrayList<>(List.of("SELECT", "TOP", "*", "FROM", "devices", "devices.modules", "WHERE", "GROUP", "BY", "AS", "AND", "OR",
                "NOT", "IN", "NIN", "(", ")", "[", "]", "[[", "]]", ",", ".", "=", "!=", "<>", "<", ">", "+", "-", "*", "/", "%", "'", "\"", "\\", "'a'", "1",
                "1.5", "-3", "1e5", "null", "true", "tags", "tags.hall", "deviceId", "properties.reported.t", "COUNT()", "AVG(", "is_defined(", "substring(",
                "length", "power(", "concat(", "\u0000", "\ud800", "é", "$", "9223372036854775807", "99999999999999999999"));
        int good = 0;
        for (int i = 0; i < 60_000; i++) {
            StringBuilder text = new StringBuilder(i % 3 == 0 ? "" : i % 3 == 1 ? "SELECT * FROM devices WHERE " : "SELECT deviceId FROM devices ");
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(random.nextInt(40) == 0 ? String.valueOf((char) random.nextInt(0x300)) : words.get(random.nextInt(words.size())));
                text.append(random.nextBoolean() ? " " : "");
            }
            good += taken(text.toString());
        }
        assertTrue(good > 100, "of all of them only " + good + " were understood, so the rows are no test");
    }

    private static int taken(String text) {
        try {
            found(text);
            return 1;
        } catch (AzureException e) {
            assertTrue(e.error() == AzureError.ArgumentInvalid || e.error() == AzureError.NotImplemented);
            assertFalse(e.getMessage().isBlank());
            return 0;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("query: " + text, e);
        }
    }

    // --- over HTTP, and page by page

    private final House house = new House();

    private HttpAnswer.Whole ask(String query, String more) {
        DEVICES.forEach(twin -> house.hub.twins.put(twin.text("deviceId"), twin));
        MODULES.forEach(twin -> house.hub.moduleTwins.put(twin.text("deviceId") + '\n' + twin.text("moduleId"), twin));
        return house.ask("POST /devices/query?api-version=2021-04-12" + more + " | {'query':'" + query + "'}");
    }

    private String pages(String query, int size) {
        StringBuilder all = new StringBuilder();
        String token = "";
        do {
            HttpAnswer.Whole answer = ask(query, " | x-ms-max-item-count: " + size + (token == null ? "" : " | x-ms-continuation: " + token));
            assertEquals(200, answer.status(), answer.body().text());
            all.append(answer.body().text().replace('"', '\'')).append(' ');
            token = answer.headers().get("x-ms-continuation");
        } while (token != null);
        return all.toString().strip();
    }

    @Test
    void leafs() {
        assertEquals("[{'deviceId':'a'},{'deviceId':'b'}] [{'deviceId':'c'},{'deviceId':'d'}] [{'deviceId':'e'}]", pages("SELECT deviceId FROM devices", 2));
        assertEquals("[{'deviceId':'a'},{'deviceId':'b'},{'deviceId':'c'},{'deviceId':'d'},{'deviceId':'e'}]", pages("SELECT deviceId FROM devices", 5));
        assertEquals("[{'deviceId':'a'},{'deviceId':'b'}] [{'deviceId':'c'}]", pages("SELECT TOP 3 deviceId FROM devices", 2));
        assertEquals("[{'deviceId':'a'},{'deviceId':'b'}]", pages("SELECT TOP 2 deviceId FROM devices", 2));
        assertEquals("[{'moduleId':'m1'}] [{'moduleId':'m2'}] [{'moduleId':'m1'}]", pages("SELECT moduleId FROM devices.modules", 1));
        assertEquals("[{'status':'enabled'}] [{'status':'disabled'}]", pages("SELECT status FROM devices GROUP BY status", 1));
        assertEquals("[{'status':'enabled'}]", pages("SELECT TOP 1 status FROM devices GROUP BY status", 1));
        assertEquals("[]", pages("SELECT * FROM devices WHERE false", 1));
    }

    // A page must not repeat or leave out a device because another was deleted in between.
    @Test
    void leafsOnWhenWhatItSawLastIsGone() {
        String token = ask("SELECT deviceId FROM devices", " | x-ms-max-item-count: 2").headers().get("x-ms-continuation");
        house.hub.twins.clear();
        List.of(DEVICES.get(0), DEVICES.get(2), DEVICES.get(3)).forEach(twin -> house.hub.twins.put(twin.text("deviceId"), twin));
        HttpAnswer.Whole next = house.ask("POST /devices/query | x-ms-max-item-count: 9 | x-ms-continuation: " + token + " | {'query':'SELECT deviceId FROM devices'}");
        assertEquals("[{\"deviceId\":\"c\"},{\"deviceId\":\"d\"}]", next.body().text());
    }

    @Test
    void tellsWhatItGives() {
        assertEquals("twin", ask("SELECT * FROM devices", "").headers().get("x-ms-item-type"));
        assertEquals("raw", ask("SELECT deviceId FROM devices", "").headers().get("x-ms-item-type"));
        assertEquals(400, house.ask("POST /devices/query | {}").status());
        assertEquals(400, house.ask("POST /devices/query | {'query':1}").status());
        assertEquals(401, house.ask("POST /devices/query | Authorization: RegistryRead | {'query':'SELECT * FROM devices'}").status());
        assertEquals(501, ask("SELECT * FROM devices.jobs", "").status());
    }

    @Test
    void refusesForeignPlaces() {
        String token = ask("SELECT deviceId FROM devices", " | x-ms-max-item-count: 2").headers().get("x-ms-continuation");
        assertEquals(400, ask("SELECT * FROM devices", " | x-ms-continuation: " + token).status());
        for (String wrong : List.of("x", "!!!", "MQ", token.substring(3), token + "AAAA", "a".repeat(5000))) {
            assertEquals(400, ask("SELECT deviceId FROM devices", " | x-ms-continuation: " + wrong).status(), wrong);
        }
        assertEquals(400, ask("SELECT * FROM devices", " | x-ms-max-item-count: 0").status());
        assertEquals(400, ask("SELECT * FROM devices", " | x-ms-max-item-count: all").status());
        assertEquals(200, ask("SELECT * FROM devices", " | x-ms-max-item-count: 100000").status());
        assertEquals(200, ask("SELECT * FROM devices", " | x-ms-continuation: ").status());
    }
}
