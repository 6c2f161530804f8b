package io.pantograph.hub.azure.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.Sas;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MonitorTest {

    private final House house = new House();
    private final FakeSink sink = new FakeSink();

    private void watch(String request) {
        HttpAnswer.Live answer = (HttpAnswer.Live) Await.result(house.begin(request));
        assertEquals(200, answer.status());
        answer.begin().accept(sink);
        house.clock.advance(Duration.ZERO);
    }

    private void say(String device, String body) {
        house.log.say(device, body);
        house.clock.advance(Duration.ZERO);
    }

    @Test
    void tellsWhatComes() {
        house.log.say("dev1", "{'old':1}");
        watch("GET /events");
        assertEquals(": listening at 2\nid: 1\n\n", sink.heard());
        say("dev1", "{'t':1.5}");
        assertEquals("id: 2\nevent: telemetry\ndata: {'sequence':2,'enqueuedTime':'2026-01-01T00:00:00.000Z','deviceId':'dev1','source':'Telemetry',"
                + "'systemProperties':{},'properties':{},'bodyFormat':'json','body':{'t':1.5}}\n\n", sink.heard());
    }

    @Test
    void tellsAllThatBelongsToIt() {
        watch("GET /events?from=earliest");
        sink.heard();
        house.log.append(Identity.of("dev1", "mod1"), "twinChangeEvents", Map.of("message-id", "1"), Map.of("k", "é\n"), Bytes.utf8("{}"));
        house.clock.advance(Duration.ZERO);
        String told = sink.heard();
        assertTrue(told.startsWith("id: 1\nevent: twinChangeEvents\ndata: {"), told);
        assertTrue(told.contains("'moduleId':'mod1','source':'twinChangeEvents','systemProperties':{'message-id':'1'},'properties':{'k':'é\\n'}"), told);
        assertEquals(4, told.lines().count(), "the data is on one line: " + told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
            "{'a':[1,null]} ~ ~ 'bodyFormat':'json','body':{'a':[1,null]}",
            "17 ~ ~ 'bodyFormat':'json','body':17",
            "true ~ ~ 'bodyFormat':'json','body':true",
            "'x' ~ ~ 'bodyFormat':'json','body':'x'",
            "17 ~ text/plain ~ 'bodyFormat':'text','body':'17'",
            "17 degrees ~ ~ 'bodyFormat':'text','body':'17 degrees'",
            "{'a':1 ~ application/json ~ 'bodyFormat':'text','body':'{\\'a\\':1'",
            "größer ~ ~ 'bodyFormat':'text','body':'größer'",
            "EMPTY ~ ~ 'bodyFormat':'text','body':''",
            "NUL ~ ~ 'bodyFormat':'base64','body':'AAE='",
    })
    void saysWhatABodyIs(String body, String type, String told) {
        watch("GET /events");
        house.log.append(Identity.of("d"), "Telemetry", type == null ? Map.of() : Map.of("content-type", type), Map.of(), Bytes.utf8(body.replace("EMPTY", "").replace("NUL", "\u0000\u0001").replace('\'', '"')));
        house.clock.advance(Duration.ZERO);
        String heard = sink.heard();
        assertTrue(heard.contains(told), heard);
    }

    @Test
    void tellsBytesAsTheyAre() {
        watch("GET /events?body=base64");
        say("d", "{}");
        house.log.append(Identity.of("d"), "Telemetry", Map.of(), Map.of(), Bytes.of((byte) 0xff, (byte) 0xfe));
        house.clock.advance(Duration.ZERO);
        String heard = sink.heard();
        assertTrue(heard.contains("'bodyFormat':'base64','body':'e30='"), heard);
        assertTrue(heard.contains("'bodyFormat':'base64','body':'//4='"), heard);
    }

    private String bodies() {
        List<String> bodies = new ArrayList<>();
        sink.heard().lines().filter(line -> line.startsWith("data: ") && line.contains("'body':"))
                .forEach(line -> bodies.add(line.substring(line.indexOf("'body':") + 7, line.length() - 1)));
        return String.join(" ", bodies);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
            "GET /events?from=earliest ~ 1 2 3 4", "GET /events?from=latest ~ 4", "GET /events ~ 4", "GET /events?from=2 ~ 2 3 4",
            "GET /events?from=99 ~ 4", "GET /events?from=2026-01-01T00:00:01Z ~ 2 3 4", "GET /events?from=2026-01-01T01:00:02%2B01:00 ~ !",
            "GET /events?from=2026-01-01T01:00:02+01:00 ~ 3 4", "GET /events?from=2027-01-01T00:00:00Z ~ 4",
            "GET /events?from=earliest | Last-Event-ID: 2 ~ 3 4", "GET /events | Last-Event-ID: 0 ~ 1 2 3 4", "GET /events | Last-Event-ID: 3 ~ 4",
            "GET /events?from=earliest&device=b ~ 2 4", "GET /events?from=earliest&device=nix ~ ''", "GET /events?from=earliest&source=telemetry ~ 1 2 3 4",
            "GET /events?from=earliest&source=twinChangeEvents ~ ''", "GET /events?from=earliest&module=m ~ ''"})
    void beginsWhereItIsTold(String request, String told) {
        for (int i = 1; i <= 3; i++) {
            house.log.say(i % 2 == 0 ? "b" : "a", String.valueOf(i));
            house.clock.advance(Duration.ofSeconds(1));
        }
        if (told.equals("!")) {
            assertEquals(400, house.ask(request).status());
            return;
        }
        watch(request);
        say("b", "4");
        assertEquals(told.replace("''", ""), bodies());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /events?from=yesterday", "GET /events?from=-1", "GET /events?from=99999999999999999999", "GET /events?device=a/b",
        "GET /events?format=xml", "GET /events?body=raw", "GET /events | Last-Event-ID: x", "GET /events | Last-Event-ID: 9223372036854775807"})
    void refusesWhatItDoesNotUnderstand(String request) {
        assertEquals(400, house.ask(request).status());
    }

    @Test
    void isForThoseWhoMay() {
        assertEquals(401, house.ask("GET /events | Authorization: -").status());
        assertEquals(401, house.ask("GET /events | Authorization: RegistryRead RegistryWrite").status());
        assertEquals(405, house.ask("POST /events").status());
    }

    @Test
    void tellsLines() {
        watch("GET /events?from=earliest | Accept: application/x-ndjson");
        say("d", "1");
        house.clock.advance(Duration.ofSeconds(30));
        house.rest.close();
        String heard = sink.heard();
        assertEquals("{'event':'listening','next':0}\n{'event':'telemetry','sequence':1,'enqueuedTime':'2026-01-01T00:00:00.000Z','deviceId':'d','source':'Telemetry',"
                + "'systemProperties':{},'properties':{},'bodyFormat':'json','body':1}\n{'event':'alive'}\n"
                + "{'event':'end','reason':'closing','message':'the hub stops'}\n", heard);
    }

    // Who saw only other devices' events, or none, goes on behind them when the connection breaks.
    @Test
    void saysThatItLivesAndWhereItIs() {
        watch("GET /events?device=a");
        sink.heard();
        say("b", "1");
        say("b", "2");
        assertEquals("", sink.heard());
        house.clock.advance(Duration.ofSeconds(15));
        assertEquals(": alive\nid: 2\n\n", sink.heard());
    }

    @Test
    void tellsOfAGap() {
        for (int i = 1; i <= 5; i++) {
            house.log.say("a", String.valueOf(i));
        }
        house.log.forget(3);
        watch("GET /events | Last-Event-ID: 1");
        assertTrue(sink.heard().contains("\n\nevent: gap\ndata: {'from':2,'to':4}\n\nid: 4\n"));
        FakeSink other = new FakeSink();
        ((HttpAnswer.Live) Await.result(house.begin("GET /events?from=earliest"))).begin().accept(other);
        house.clock.advance(Duration.ZERO);
        String heard = other.heard();
        assertFalse(heard.contains("gap"), "the earliest is whatever there is: " + heard);
    }

    // A person who scrolls back a day must not be cut off because the hub can read faster than the network can write.
    @Test
    void goesAtTheAskersPace() {
        String body = "'" + "x".repeat(100_000) + "'";
        for (int i = 0; i < 100; i++) {
            house.log.say("a", body);
        }
        sink.reads = false;
        watch("GET /events?from=earliest");
        for (int seconds = 0; seconds < 1000 && !sink.cut; seconds++) {
            sink.waiting = Math.max(0, sink.waiting - 50_000);
            house.clock.advance(Duration.ofSeconds(1));
        }
        assertFalse(sink.cut);
        assertEquals(100, sink.heard().lines().filter(line -> line.startsWith("data: ")).count());
    }

    @Test
    void leavesWhoReadsNothing() {
        String body = "'" + "x".repeat(200_000) + "'";
        for (int i = 0; i < 10; i++) {
            house.log.say("a", body);
        }
        sink.reads = false;
        watch("GET /events?from=earliest");
        house.clock.advance(Duration.ofSeconds(29));
        assertFalse(sink.ended);
        house.clock.advance(Duration.ofSeconds(2));
        assertTrue(sink.ended);
        assertFalse(sink.cut);
        assertTrue(sink.heard().endsWith("event: end\ndata: {'reason':'tooSlow','message':'nothing was read for 30 s; come again with the last id'}\n\n"));
        assertEquals(0, house.rest.watching());
        assertEquals(List.of(), house.log.followers);
    }

    @Test
    void endsWithTheToken() {
        String token = Sas.make("127.0.0.1", Secret.of("c2VjcmV0c2VjcmV0c2VjcmV0"), house.clock.instant().plusSeconds(60), Optional.of("ServiceConnect"));
        watch("GET /events | Authorization: " + token);
        house.clock.advance(Duration.ofSeconds(59));
        assertFalse(sink.ended);
        house.clock.advance(Duration.ofSeconds(1));
        assertTrue(sink.ended);
        assertTrue(sink.heard().contains("'reason':'expired'"));
    }

    @Test
    void forgetsWhoIsGone() {
        watch("GET /events");
        assertEquals(1, house.rest.watching());
        sink.gone();
        assertEquals(0, house.rest.watching());
        assertEquals(List.of(), house.log.followers);
        say("a", "1");
        assertEquals(0, house.clock.waiting());
    }

    @Test
    void boundsHowManyWatch() {
        for (int i = 0; i < 64; i++) {
            watch("GET /events");
        }
        assertEquals(429, house.ask("GET /events").status());
    }

    @Test
    void saysWhenItCannotGoOn() {
        watch("GET /events");
        house.log.broken = true;
        say("a", "1");
        assertTrue(sink.ended);
        assertTrue(sink.heard().contains("event: end\ndata: {'reason':'failed'"));
    }

    @Test
    void endsWhenTheHubStops() {
        watch("GET /events");
        house.rest.close();
        assertTrue(sink.ended);
        assertTrue(sink.heard().contains("'reason':'closing'"));
    }
}
