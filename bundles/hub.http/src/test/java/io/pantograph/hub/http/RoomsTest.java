package io.pantograph.hub.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.hub.HttpRoom;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.ServiceRegistration;

/** Rooms that others build behind the HTTP front. */
class RoomsTest {

    private static final String IDLE = "org.apache.felix.http.timeout";
    private static final String THREADS = "org.apache.felix.http.jetty.threadpool.max";
    private static final int IDLE_MS = 500;

    @TempDir
    static Path folder;
    private static House house;
    private static final Room ROOM = new Room();

    /** Does as it is told. */
    private static final class Room implements HttpRoom {

        final BlockingQueue<HttpRequest> asked = new LinkedBlockingQueue<>();
        volatile Function<HttpRequest, CompletionStage<HttpAnswer>> work;

        @Override
        public boolean claims(String firstLevel) {
            return firstLevel.equals("room") || firstLevel.equals("api");
        }

        @Override
        public CompletionStage<HttpAnswer> answer(HttpRequest request) {
            asked.add(request);
            return work.apply(request);
        }
    }

    @BeforeAll
    static void open() throws Exception {
        System.setProperty(IDLE, String.valueOf(IDLE_MS));
        System.setProperty(THREADS, "16"); // as in the boxes
        house = new House(folder);
        house.felix().context().registerService(HttpRoom.class, ROOM, null);
    }

    @AfterAll
    static void close() throws Exception {
        System.clearProperty(IDLE);
        System.clearProperty(THREADS);
        house.close();
    }

    @BeforeEach
    void answerAtOnce() {
        ROOM.asked.clear();
        ROOM.work = request -> CompletableFuture.completedFuture(text("fine"));
    }

    private static HttpAnswer text(String text) {
        return new HttpAnswer.Whole(200, Map.of("Content-Type", "text/plain"), Bytes.utf8(text));
    }

    private static Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port());
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String hearUntil(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("it ended after " + heard);
            }
            heard.append((char) next);
        }
        return heard.toString();
    }

    private static String ask(String request) throws IOException {
        try (Socket socket = socket()) {
            say(socket, request.replaceFirst("\r\n", "\r\nHost: hub.example:8443\r\nConnection: close\r\n"));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void carriesARequestWhole() throws Exception {
        String path = "/room/a%25b%23c%3Fd;e=f+g@h$i!j(k)*,/";
        String answer = ask("PATCH " + path + "?a=1&b=x%20y&a=2&c HTTP/1.1\r\nIf-Match: \"*\"\r\nX-Two: 1\r\nX-Two: 2\r\nContent-Length: 4\r\n\r\nbody");
        assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\nfine"), answer);
        assertTrue(answer.contains("Cache-Control: no-store") && answer.contains("X-Content-Type-Options: nosniff"), answer);
        HttpRequest asked = ROOM.asked.poll();
        assertEquals("PATCH", asked.method());
        assertEquals(path, asked.path());
        assertEquals(List.of("room", "a%b#c?d;e=f+g@h$i!j(k)*,"), asked.levels());
        assertEquals(Map.of("a", "1", "b", "x y", "c", ""), asked.query());
        assertEquals(Optional.of("\"*\""), asked.header("if-match"));
        assertEquals(Optional.of("1, 2"), asked.header("x-two"));
        assertEquals(Optional.of("hub.example:8443"), asked.header("host"));
        assertEquals("body", asked.body().text());
        assertEquals(Optional.empty(), asked.remote());
    }

    // What names of devices may hold, raw or encoded; what it is decoded to must be decoded once.
    @ParameterizedTest
    @ValueSource(strings = {"-", ".", "_", "*", "!", "(", ")", ",", ":", "=", "@", "$", "'", ";", "+", "%25", "%3F", "%23", "%2B", "%24", "%3B", "%252F", "%2525",
        "%C3%A9", "..x"})
    void carriesInAPath(String text) throws Exception {
        assertTrue(ask("GET /room/a" + text + "b HTTP/1.1\r\n\r\n").endsWith("fine"));
        HttpRequest asked = ROOM.asked.poll();
        assertEquals("/room/a" + text + 'b', asked.path());
        assertEquals(List.of("room", 'a' + URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8) + 'b'), asked.levels());
    }

    @Test
    void tellsWhoAsksIfTheFrontDoorKnows() throws Exception {
        Remote remote = new Remote("192.0.2.7", 8443, true, false, Optional.empty());
        try (Socket socket = socket()) {
            Runnable gone = house.felix().service(HttpBackend.class).guest(socket.getLocalPort(), remote);
            say(socket, "GET /room HTTP/1.1\r\nHost: x\r\n\r\n");
            hearUntil(socket, "fine");
            assertEquals(Optional.of(remote), ROOM.asked.poll().remote());
            gone.run();
            say(socket, "GET /room HTTP/1.1\r\nHost: x\r\n\r\n");
            hearUntil(socket, "fine");
            assertEquals(Optional.empty(), ROOM.asked.poll().remote());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/elsewhere", "/elsewhere/room", "/apis", "/api", "/api/v0003/x"})
    void answers404WhereNobodyIs(String path) throws Exception {
        String answer = ask("POST " + path + " HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody");
        assertTrue(answer.startsWith("HTTP/1.1 404 ") && answer.contains("application/json") && answer.contains("nothing at this path"), answer);
        assertTrue(ROOM.asked.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/room/%zz", "/room?a=%zz", "/room/%2F", "/room/..%2f..", "/room/%2e%2E/x", "/room/%00"})
    void refusesWhatIsBadlyEncoded(String path) throws Exception {
        assertTrue(ask("GET " + path + " HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 400 "));
        assertTrue(ROOM.asked.isEmpty());
    }

    @Test
    void leavesWatsonsPathsToWatson() throws Exception {
        assertEquals(200, house.call("GET", "/", "key", (String) null).statusCode());
        assertTrue(ROOM.asked.isEmpty());
    }

    @Test
    void keepsAConnectionOpenWhateverTheAnswer() throws Exception {
        try (Socket socket = socket()) {
            for (String path : new String[] {"/elsewhere", "/room", "/elsewhere", "/room"}) {
                say(socket, "PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
                hearUntil(socket, path.equals("/room") ? "fine" : "}}");
            }
        }
    }

    @Test
    void givesA500ForARoomThatFails() throws Exception {
        ROOM.work = request -> CompletableFuture.failedStage(new IllegalStateException("secret"));
        String answer = ask("GET /room HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 500 ") && !answer.contains("secret"), answer);
        ROOM.work = request -> {
            throw new NoClassDefFoundError("secret");
        };
        answer = ask("GET /room HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 500 ") && !answer.contains("secret"), answer);
    }

    @Test
    void takesABodyOfFourMebibytesAndNotOneByteMore() throws Exception {
        byte[] body = new byte[Rooms.MOST_BYTES];
        new Random(1).nextBytes(body);
        ROOM.work = request -> CompletableFuture.completedFuture(
                new HttpAnswer.Whole(200, Map.of("Content-Type", "application/octet-stream"), request.body()));
        try (Socket socket = socket()) {
            say(socket, "POST /room HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n");
            socket.getOutputStream().write(body);
            String head = hearUntil(socket, "\r\n\r\n");
            assertTrue(head.startsWith("HTTP/1.1 200 "), head);
            assertArrayEquals(body, socket.getInputStream().readAllBytes());
        }
        ROOM.asked.clear();
        String larger = "x".repeat(body.length + 1);
        assertTrue(ask("POST /room HTTP/1.1\r\nContent-Length: " + larger.length() + "\r\n\r\n" + larger).startsWith("HTTP/1.1 413 "), "it is heard out");
        assertTrue(ask("POST /room HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n").startsWith("HTTP/1.1 413 "), "it is not");
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        String answer = ask("POST /room HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(65) + "0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413 ") && answer.contains("4194304"), answer);
        assertTrue(ROOM.asked.isEmpty());
    }

    // Sixteen threads serve all: sixty callers that wait for a device must not hold them.
    @Test
    void holdsNoThreadWhileARoomTakesItsTime() throws Exception {
        int callers = 60;
        CountDownLatch all = new CountDownLatch(callers);
        List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();
        ROOM.work = request -> {
            CompletableFuture<HttpAnswer> later = new CompletableFuture<>();
            synchronized (answers) {
                answers.add(later);
            }
            all.countDown();
            return later;
        };
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            sockets.add(socket());
            say(sockets.get(i), "POST /room HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
        }
        assertTrue(all.await(20, TimeUnit.SECONDS), all.getCount() + " of them were not heard");
        answers.forEach(answer -> answer.complete(text("at last")));
        for (Socket socket : sockets) {
            hearUntil(socket, "at last");
            socket.close();
        }
    }

    @Test
    void holdsNoThreadForABodyThatIsSlow() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sockets.add(socket());
            say(sockets.get(i), "POST /room HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
        }
        assertTrue(ask("GET /room HTTP/1.1\r\n\r\n").endsWith("fine"));
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    // A method call takes up to five minutes, in which nothing is said; the server's own patience is much less.
    @Test
    void waitsLongerThanTheServersOwnPatience() throws Exception {
        ROOM.work = request -> CompletableFuture.supplyAsync(() -> text("late"), CompletableFuture.delayedExecutor(4L * IDLE_MS, TimeUnit.MILLISECONDS));
        assertTrue(ask("POST /room HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}").endsWith("late"));
        assertTrue(ask("GET /room HTTP/1.1\r\n\r\n").endsWith("late"));
    }

    /** The sink of a live answer, once it was given. */
    private static CompletableFuture<HttpAnswer.Sink> live() {
        CompletableFuture<HttpAnswer.Sink> sink = new CompletableFuture<>();
        ROOM.work = request -> CompletableFuture.completedFuture(
                new HttpAnswer.Live(200, Map.of("Content-Type", "text/event-stream"), sink::complete));
        return sink;
    }

    @Test
    void sendsEachWordOfALiveAnswerAtOnce() throws Exception {
        CompletableFuture<HttpAnswer.Sink> given = live();
        CountDownLatch ended = new CountDownLatch(1);
        try (Socket socket = socket()) {
            say(socket, "GET /room HTTP/1.1\r\nHost: x\r\n\r\n");
            String head = hearUntil(socket, "\r\n\r\n");
            assertTrue(head.contains("text/event-stream"), head);
            HttpAnswer.Sink sink = given.get(10, TimeUnit.SECONDS);
            sink.whenEnded(ended::countDown);
            for (int i = 0; i < 100; i++) {
                assertTrue(sink.send(Bytes.utf8("data: " + i + "\n\n")));
                hearUntil(socket, "data: " + i + "\n\n");
            }
            assertEquals(0, sink.waiting());
            // Longer than the server's own patience, and not at the very moment when that ends once more: it fails a write that it meets there.
            CompletableFuture.runAsync(() -> sink.send(Bytes.utf8("data: still here\n\n")),
                    CompletableFuture.delayedExecutor(4L * IDLE_MS + IDLE_MS / 2, TimeUnit.MILLISECONDS));
            hearUntil(socket, "still here\n\n");
            assertEquals(1, ended.getCount());
            sink.end();
            hearUntil(socket, "\r\n0\r\n\r\n");
            assertTrue(ended.await(10, TimeUnit.SECONDS));
            assertFalse(sink.send(Bytes.utf8("too late")));
            CountDownLatch atOnce = new CountDownLatch(1);
            sink.whenEnded(atOnce::countDown);
            assertEquals(0, atOnce.getCount());
        }
    }

    @Test
    void endsALiveAnswerWhoseAskerIsGone() throws Exception {
        CompletableFuture<HttpAnswer.Sink> given = live();
        CountDownLatch ended = new CountDownLatch(1);
        HttpAnswer.Sink sink;
        try (Socket socket = socket()) {
            say(socket, "GET /room HTTP/1.1\r\nHost: x\r\n\r\n");
            sink = given.get(10, TimeUnit.SECONDS);
            sink.whenEnded(ended::countDown);
            socket.setSoLinger(true, 0);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (sink.send(Bytes.utf8(": are you there?\n\n")) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertTrue(ended.await(10, TimeUnit.SECONDS));
    }

    @Test
    void endsALiveAnswerThatNobodyReads() throws Exception {
        CompletableFuture<HttpAnswer.Sink> given = live();
        CountDownLatch ended = new CountDownLatch(1);
        try (Socket socket = socket()) {
            say(socket, "GET /room HTTP/1.1\r\nHost: x\r\n\r\n");
            HttpAnswer.Sink sink = given.get(10, TimeUnit.SECONDS);
            sink.whenEnded(ended::countDown);
            Bytes chunk = Bytes.wrap(new byte[64 * 1024]);
            int sent = 0;
            while (sink.send(chunk)) {
                assertTrue(sink.waiting() <= 1 << 20);
                sent++;
                assertTrue(sent < 10_000, "there is no end to what may wait");
            }
            assertTrue(ended.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void sendsNoBodyToWhoAsksForTheHead() throws Exception {
        String answer = ask("HEAD /room HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.contains("Content-Length: 4") && answer.endsWith("\r\n\r\n"), answer);
        CompletableFuture<HttpAnswer.Sink> given = live();
        assertTrue(ask("HEAD /room HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 200 "));
        assertFalse(given.isDone());
        ROOM.work = request -> CompletableFuture.completedFuture(new HttpAnswer.Whole(204, Map.of(), Bytes.EMPTY));
        answer = ask("OPTIONS /room HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 204 ") && answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void roomsComeAndGo() throws Exception {
        HttpRoom other = new HttpRoom() {

            @Override
            public boolean claims(String firstLevel) {
                return firstLevel.equals("other");
            }

            @Override
            public CompletionStage<HttpAnswer> answer(HttpRequest request) {
                return CompletableFuture.completedFuture(text("here"));
            }
        };
        assertTrue(ask("GET /other HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 404 "));
        ServiceRegistration<HttpRoom> registered = house.felix().context().registerService(HttpRoom.class, other, null);
        assertTrue(ask("GET /other/1 HTTP/1.1\r\n\r\n").endsWith("here"));
        registered.unregister();
        assertTrue(ask("GET /other HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 404 "));
    }
}
