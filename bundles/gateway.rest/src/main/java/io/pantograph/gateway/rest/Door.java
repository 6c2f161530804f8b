package io.pantograph.gateway.rest;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Executor;

/** The listening socket, on this machine only, and the file that tells where it is and what opens it. */
final class Door implements AutoCloseable {

    private static final int SECRET_BYTES = 32;

    private final HttpServer server;
    private final KeyFile file;
    private final String url;

    private Door(HttpServer server, KeyFile file, String url) {
        this.server = server;
        this.file = file;
        this.url = url;
    }

    /** @param port 0 for any free one */
    static Door open(Path home, int port, Executor threads, Api api) throws IOException {
        limits();
        InetAddress here = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        HttpServer server = HttpServer.create(new InetSocketAddress(here, port), 0);
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        KeyFile file = new KeyFile(home);
        server.setExecutor(threads);
        server.createContext("/", new Front(new Guard(token), api));
        server.start();
        try {
            file.write(url, token);
        } catch (IOException e) {
            server.stop(0);
            throw e;
        }
        return new Door(server, file, url);
    }

    /** The server reads these once, before its first start; what the operator has said stays. */
    private static void limits() {
        limit("sun.net.httpserver.maxReqTime", 60); // s, for a request to come in
        limit("sun.net.httpserver.maxRspTime", 1_800); // s, of which the longest plan may have to fetch its jars
        limit("sun.net.httpserver.timerMillis", 5_000);
        limit("sun.net.httpserver.maxReqHeaders", 50);
        limit("sun.net.httpserver.maxReqHeaderSize", 16_384);
        limit("sun.net.httpserver.maxIdleConnections", 16);
        limit("jdk.httpserver.maxConnections", 64);
    }

    private static void limit(String name, int value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, Integer.toString(value));
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        file.remove();
        server.stop(0);
    }
}
