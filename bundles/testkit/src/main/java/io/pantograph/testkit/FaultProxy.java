package io.pantograph.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stretch of bad wire between a client and a server: forwards TCP on loopback and cuts, swallows, delays or refuses when told.
 * What is told holds for the open connections and those to come.
 */
public final class FaultProxy implements AutoCloseable {

    /** Which bytes are swallowed; the connection stays open, as over a dead radio link. */
    public enum Silence {
        NONE,
        /** Nothing passes in either direction. */
        BOTH,
        /** What the client sends arrives, the answers do not: a half-open connection. */
        ANSWERS
    }

    private final InetSocketAddress target;
    private final int port;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private volatile Silence silence = Silence.NONE;
    private volatile long delayMillis;
    private volatile ServerSocket door;
    private Thread doorkeeper;
    private volatile boolean closed;
    private final String address;

    /** Listens on a free port of the loopback address and forwards to this one. */
    public FaultProxy(String host, int targetPort) {
        this("127.0.0.1", 0, host, targetPort);
    }

    /** Listens on this address and port, for clients that know no other port, and forwards to that one. */
    public FaultProxy(String address, int ownPort, String host, int targetPort) {
        this.address = address;
        target = new InetSocketAddress(host, targetPort);
        door = open(ownPort);
        port = door.getLocalPort();
    }

    public int port() {
        return port;
    }

    /** Ends all open connections with a TCP reset. */
    public void cut() {
        links.forEach(Link::reset);
    }

    /** Whether new connections are refused from now on; the open ones go on. */
    public synchronized void refuse(boolean refuse) {
        if (refuse && door != null) {
            ServerSocket shut = door;
            door = null;
            closeQuietly(shut);
            await(doorkeeper); // the system takes connections on a closed door for as long as somebody waits at it
        } else if (!refuse && door == null && !closed) {
            door = open(port);
        }
    }

    /** What is swallowed from now on. What was swallowed is gone, so better {@link #cut} before going back to NONE. */
    public void silence(Silence silence) {
        this.silence = silence;
    }

    /** How long each piece is held back, in each direction. */
    public void latency(Duration delay) {
        delayMillis = delay.toMillis();
    }

    /** How many connections were accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** How many connections are open. */
    public int open() {
        return links.size();
    }

    /** How many bytes went from clients to the server. */
    public long bytesUp() {
        return up.get();
    }

    /** How many bytes went from the server to clients. */
    public long bytesDown() {
        return down.get();
    }

    @Override
    public void close() {
        closed = true;
        refuse(true);
        cut();
    }

    private ServerSocket open(int wanted) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getByName(address), wanted));
            doorkeeper = daemon("door", () -> accept(server));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen on port " + wanted, e);
        }
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                accepted.incrementAndGet();
                daemon("connect", () -> join(client));
            } catch (IOException e) {
                closeQuietly(server);
            }
        }
    }

    private void join(Socket client) {
        Socket server = new Socket();
        Link link = new Link(client, server);
        links.add(link);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target, 5_000);
        } catch (IOException e) {
            link.reset();
            return;
        }
        if (closed) {
            link.reset();
            return;
        }
        daemon("down", () -> link.pump(server, client, down, false));
        link.pump(client, server, up, true);
    }

    private Thread daemon(String what, Runnable work) {
        Thread thread = new Thread(work, "fault-proxy-" + port + '-' + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void await(Thread thread) {
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean swallows(boolean fromClient) {
        return silence == Silence.BOTH || silence == Silence.ANSWERS && !fromClient;
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // nothing is left to do for it
        }
    }

    private final class Link {

        private final Socket client;
        private final Socket server;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pump(Socket from, Socket to, AtomicLong count, boolean fromClient) {
            byte[] piece = new byte[16 * 1024];
            try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    if (delayMillis > 0) {
                        Thread.sleep(delayMillis);
                    }
                    if (!swallows(fromClient)) {
                        count.addAndGet(n);
                        out.write(piece, 0, n);
                    }
                }
            } catch (IOException | InterruptedException e) {
                reset();
            } finally {
                end();
            }
        }

        void reset() {
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (IOException e) {
                    // closed already
                }
            }
            end();
        }

        private void end() {
            closeQuietly(client);
            closeQuietly(server);
            links.remove(this);
        }
    }
}
