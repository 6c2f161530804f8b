package io.pantograph.deploy;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.operator.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Fetches jars from the configured hub: {@code pantograph.gateway.host}, or the hub in the same box; from nobody else, and over TLS only.
 * From any thread; one jar is fetched by one thread at a time, others wait for it.
 */
final class Fetcher {

    static final String HOST = "pantograph.gateway.host";
    private static final List<String> AUTHORITIES = List.of("hub/ca.pem", "conf/ca.pem");
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MOST_REDIRECTS = 3;

    /** How one try ended that may be followed by another. */
    private static final class CutException extends Exception {

        private static final long serialVersionUID = 1;

        CutException(String message) {
            super(message);
        }
    }

    private final Settings settings;
    private final Supplier<Optional<HubEndpoints>> hub;
    private final Artifacts artifacts;
    private final Duration firstPause;
    private final Duration stalled;
    private final List<ReentrantLock> locks = IntStream.range(0, 16).mapToObj(i -> new ReentrantLock()).toList();

    /** @param hub the one in this box, if there is one by now */
    Fetcher(Settings settings, Supplier<Optional<HubEndpoints>> hub, Artifacts artifacts) {
        this(settings, hub, artifacts, Duration.ofMillis(250), Duration.ofSeconds(20));
    }

    /**
     * @param firstPause after a cut; each further one without progress is twice as long
     * @param stalled when nothing has come for so long, the connection counts as cut
     */
    Fetcher(Settings settings, Supplier<Optional<HubEndpoints>> hub, Artifacts artifacts, Duration firstPause, Duration stalled) {
        this.settings = settings;
        this.hub = hub;
        this.artifacts = artifacts;
        this.firstPause = firstPause;
        this.stalled = stalled;
    }

    /** @throws RefusedException if nothing is fetched from there; said without asking the network */
    void check(URI url) throws RefusedException {
        if (!"https".equalsIgnoreCase(url.getScheme()) || url.getHost() == null || url.getRawUserInfo() != null) {
            throw new RefusedException("nothing is fetched from " + shown(url) + ", since it is no address of the form https://HOST/PATH; give one of the hub");
        }
        String host = bare(url.getHost());
        Optional<String> set = settings.text(HOST);
        Optional<String> own = set.isPresent() ? Optional.empty() : hub.get().map(HubEndpoints::host);
        if (set.or(() -> own).isEmpty()) {
            throw new RefusedException("nothing is fetched from " + shown(url) + ", since this gateway has no hub; set " + HOST + " to the hub's name");
        }
        if (!host.equals(bare(set.or(() -> own).get())) && !(own.isPresent() && THIS_MACHINE.contains(host))) {
            throw new RefusedException("nothing is fetched from " + shown(url) + ", but from the hub only, which is "
                    + set.or(() -> own).get() + "; put the jar there");
        }
    }

    private static String bare(String host) {
        return (host.startsWith("[") ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    }

    /** Without a name and password that somebody may have put into it, and not without end. */
    private static String shown(URI url) {
        String text = url.getScheme() + "://" + (url.getHost() == null ? "" : url.getHost()) + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + (url.getRawPath() == null ? "" : url.getRawPath());
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }

    /**
     * Fetches it into the artifacts, unless it is there. Blocks; goes on where it was cut off, again and again, for as long as this; what has
     * come so far is kept for another call.
     *
     * @throws RefusedException if it comes from elsewhere, has another hash, is too large or no whole jar, or did not come in time
     */
    void fetch(URI url, String sha256, Duration within) throws RefusedException, IOException, InterruptedException {
        if (artifacts.has(sha256)) {
            return;
        }
        check(url);
        long end = System.nanoTime() + within.toNanos();
        ReentrantLock lock = locks.get(Math.floorMod(sha256.hashCode(), locks.size()));
        if (!lock.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
            throw late(url, within, "others that were asked for before are not here either");
        }
        try {
            if (!artifacts.has(sha256)) {
                persist(url, sha256, within, end);
            }
        } finally {
            lock.unlock();
        }
    }

    private static RefusedException late(URI url, Duration within, String why) {
        return new RefusedException(shown(url) + " did not come within " + Math.max(1, within.toSeconds()) + " s: " + why
                + "; ask again when the hub can be reached, what has come so far is kept");
    }

    private void persist(URI url, String sha256, Duration within, long end) throws RefusedException, IOException, InterruptedException {
        Path part = artifacts.part(sha256);
        HttpClient client = client();
        Duration pause = firstPause;
        boolean again = Files.exists(part); // what is there from before may not be what it was
        for (;;) {
            long before = size(part);
            try {
                get(client, url, part, end, MOST_REDIRECTS);
                String came = Artifacts.hash(part);
                if (came.equals(sha256)) {
                    artifacts.keep(part, sha256);
                    return;
                }
                Files.delete(part);
                if (!again) {
                    throw new RefusedException("what came from " + shown(url) + " has the sha256 " + came + ", not " + sha256
                            + ", and is thrown away; put the right jar there, or give its hash");
                }
                again = false;
            } catch (CutException e) {
                again |= before > 0;
                pause = size(part) > before ? firstPause : doubled(pause);
                if (System.nanoTime() + pause.toNanos() - end > 0) {
                    throw late(url, within, e.getMessage());
                }
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (RefusedException e) {
                Files.deleteIfExists(part);
                throw e;
            }
        }
    }

    private static Duration doubled(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private static long size(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private HttpClient client() throws IOException, RefusedException {
        List<Path> files = new ArrayList<>();
        AUTHORITIES.forEach(name -> files.add(settings.home().resolve(name)));
        hub.get().map(HubEndpoints::authority).ifPresent(files::add);
        try {
            return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECTING).sslContext(Authorities.trusting(files)).build();
        } catch (GeneralSecurityException e) {
            throw new RefusedException("nothing can be fetched, since nobody can be trusted: " + e.getMessage(), e);
        }
    }

    /** Returns when all has come that the hub had to give. */
    private void get(HttpClient client, URI url, Path part, long end, int redirects)
            throws RefusedException, CutException, IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(part, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), Artifacts.OURS)) {
            long from = file.size();
            HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(stalled);
            if (from > 0) {
                request.header("Range", "bytes=" + from + '-');
            }
            Reception reception = new Reception(file, from);
            HttpResponse<Void> response = await(client.sendAsync(request.build(), reception), reception, end);
            int status = response.statusCode();
            if (status == 200 || status == 206) {
                return;
            }
            if (status == 416) {
                return; // there is no more: the hash tells whether that is all
            }
            if (status >= 300 && status < 400 && status != 304 && redirects > 0) {
                URI other = url.resolve(response.headers().firstValue("Location").orElse(""));
                check(other);
                get(client, other, part, end, redirects - 1);
                return;
            }
            if (status >= 500 || status == 408 || status == 429) {
                throw new CutException("the hub says " + status);
            }
            throw new RefusedException("the hub does not give " + shown(url) + " but says " + status
                    + (status == 404 ? "; put the jar there first" : "; look into its log"));
        }
    }

    /** Chooses, when the answer's head is there, what to do with its body. */
    private static final class Reception implements HttpResponse.BodyHandler<Void> {

        private final FileChannel file;
        private final long from;
        private volatile Inflow inflow;

        Reception(FileChannel file, long from) {
            this.file = file;
            this.from = from;
        }

        @Override
        public HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo head) {
            if (head.statusCode() != 200 && head.statusCode() != 206) {
                return HttpResponse.BodySubscribers.discarding();
            }
            boolean goesOn = head.statusCode() == 206
                    && head.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + from + '-');
            try {
                file.truncate(goesOn ? from : 0);
                file.position(goesOn ? from : 0);
                inflow = new Inflow(file, Inspection.MAX_JAR);
                return inflow;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        long moved() {
            return inflow == null ? 0 : inflow.moved();
        }

        boolean tooLarge() {
            return inflow != null && inflow.tooLarge();
        }
    }

    private HttpResponse<Void> await(CompletableFuture<HttpResponse<Void>> response, Reception reception, long end)
            throws RefusedException, CutException, InterruptedException {
        long moved = 0;
        long since = System.nanoTime();
        try {
            for (;;) {
                try {
                    return response.get(200, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long now = System.nanoTime();
                    if (reception.moved() != moved) {
                        moved = reception.moved();
                        since = now;
                    }
                    if (now - end > 0 || now - since > stalled.toNanos()) {
                        throw new CutException("the hub sends nothing any more");
                    }
                }
            }
        } catch (ExecutionException e) {
            if (reception.tooLarge()) {
                throw Artifacts.tooLarge();
            }
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CertificateException) {
                    throw new RefusedException("the hub's certificate is not trusted (" + cause.getMessage() + "); put its authority into HOME/conf/ca.pem", e);
                }
            }
            throw new CutException(e.getCause().toString());
        } finally {
            response.cancel(true);
        }
    }
}
