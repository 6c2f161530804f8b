package io.pantograph.cli;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.shell.Tables;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The gateway of this machine that works on a data folder, by its API. */
final class LocalGate implements Gate {

    private static final int UNKNOWN = 404;

    private record Reply(int status, Values document) {
    }

    private final Path home;
    private final URI url;
    private final String proof;
    private final Duration timeout;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    private LocalGate(Path home, URI url, String token, Duration timeout) {
        this.home = home;
        this.url = url;
        this.proof = "Bearer " + token;
        this.timeout = timeout;
    }

    static LocalGate of(Path home, Duration timeout) throws Trouble {
        Path file = home.resolve("gateway").resolve("rest.properties");
        if (!Files.exists(file)) {
            throw new Trouble(Trouble.NOT_REACHABLE, "no gateway runs on the data folder " + home + "; " + start(home));
        }
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            found.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw Trouble.usage(file + " cannot be read (" + e.getMessage() + "); only its owner may");
        }
        String url = found.getProperty("url", "");
        if (!url.matches("http://127\\.0\\.0\\.1:[0-9]{1,5}") || !found.getProperty("token", "").matches("[A-Za-z0-9_-]+")) {
            throw Trouble.usage(file + " tells no url and token of a gateway; restart the gateway, which writes it");
        }
        return new LocalGate(home, URI.create(url), found.getProperty("token"), timeout);
    }

    private static String start(Path home) {
        return "start one with java -jar pantograph-gateway.jar --home=" + home
                + ", name another folder with --home, or a gateway elsewhere with --device";
    }

    @Override
    public Values bring(Jar jar) throws Exception {
        String sha256 = good(ask("PUT", "/artifacts", BodyPublishers.ofFile(jar.file()), Duration.ZERO)).text("sha256");
        if (!sha256.equals(jar.sha256())) {
            throw Trouble.usage(jar.file() + " was written to while it was sent; try again");
        }
        return Values.of("version", jar.version(), "sha256", sha256);
    }

    @Override
    public Values plan(Values release) throws Exception {
        return good(ask("POST", "/plan", json(release), Duration.ZERO));
    }

    @Override
    public Values add(Values release) throws Exception {
        return good(ask("POST", "/deployments", json(release), Duration.ZERO));
    }

    @Override
    public Values remove(String bundle) throws Exception {
        return good(ask("DELETE", "/bundles/" + encoded(bundle), BodyPublishers.noBody(), Duration.ZERO));
    }

    @Override
    public List<Values> bundles() throws Exception {
        return Tables.objects(get("/bundles"), "bundles");
    }

    @Override
    public List<Values> deployments() throws Exception {
        return Tables.objects(get("/deployments"), "deployments");
    }

    @Override
    public Values show(String what) throws Exception {
        Reply deployment = ask("GET", "/deployments/" + encoded(what), BodyPublishers.noBody(), Duration.ZERO);
        if (deployment.status() != UNKNOWN) {
            return good(deployment);
        }
        Values.Builder found = Values.builder();
        Reply bundle = ask("GET", "/bundles/" + encoded(what), BodyPublishers.noBody(), Duration.ZERO);
        if (bundle.status() != UNKNOWN) {
            found.put("bundle", good(bundle));
        }
        List<Values> about = new ArrayList<>();
        for (Values one : deployments()) {
            if (Tables.objects(one, "bundles").stream().anyMatch(part -> what.equals(part.get("name")))) {
                about.add(about.isEmpty() ? get("/deployments/" + encoded(one.text("id"))) : one); // the newest with its history
            }
        }
        if (bundle.status() == UNKNOWN && about.isEmpty()) {
            throw new Trouble(Trouble.REFUSED, "there is no deployment and no deployed bundle '" + what + "'; list them with: pantograph deploy list");
        }
        return found.put("deployments", about).build();
    }

    @Override
    public Values next(String id, String seen, Duration time) throws Exception {
        return good(ask("GET", "/deployments/" + encoded(id) + "?wait=" + time.toSeconds() + "&seen=" + encoded(seen), BodyPublishers.noBody(), time));
    }

    @Override
    public Values promote(String what) throws Exception {
        return good(ask("POST", "/deployments/" + encoded(what) + "/promote", BodyPublishers.noBody(), Duration.ZERO));
    }

    @Override
    public Values rollback(String what, String why) throws Exception {
        return good(ask("POST", "/deployments/" + encoded(what) + "/rollback", json(Values.of("why", why)), Duration.ZERO));
    }

    @Override
    public List<Values> codecs() throws Exception {
        return Tables.objects(get("/codecs"), "codecs");
    }

    @Override
    public Values parked(int most) throws Exception {
        return get("/parked?most=" + most);
    }

    @Override
    public Values waiting(int most) throws Exception {
        return get("/waiting?most=" + most);
    }

    private Values get(String path) throws Exception {
        return good(ask("GET", path, BodyPublishers.noBody(), Duration.ZERO));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static BodyPublisher json(Values document) {
        return BodyPublishers.ofString(Text.json(document));
    }

    private Values good(Reply reply) throws Trouble {
        if (reply.status() / 100 == 2) {
            return reply.document();
        }
        String error = Text.member(reply.document(), "error");
        if (reply.status() == 401) {
            throw new Trouble(Trouble.NOT_REACHABLE, "what listens at " + url + " is not the gateway of " + home + "; " + start(home));
        }
        throw new Trouble(reply.status() == 503 ? Trouble.NOT_REACHABLE : Trouble.REFUSED, error.isEmpty() ? "the gateway refused with " + reply.status() : error);
    }

    private Reply ask(String method, String path, BodyPublisher body, Duration extra) throws Trouble, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).header("Authorization", proof).header("Content-Type", "application/json")
                .timeout(timeout.plus(extra)).method(method, body).build();
        try {
            HttpResponse<byte[]> reply = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            Object document = reply.body().length == 0 ? Values.EMPTY : JsonReader.readAnswer(Bytes.wrap(reply.body()));
            return new Reply(reply.statusCode(), document instanceof Values values ? values : Values.EMPTY);
        } catch (HttpTimeoutException e) {
            throw new Trouble(Trouble.NOT_REACHABLE, "the gateway at " + url + (e instanceof HttpConnectTimeoutException ? " took no connection" : " did not answer")
                    + " in time; allow more with --timeout");
        } catch (IOException e) {
            throw new Trouble(Trouble.NOT_REACHABLE, "no gateway answers at " + url + ", as the data folder " + home + " has it; " + start(home));
        } catch (CodecException e) {
            throw new Trouble(Trouble.NOT_REACHABLE, "what answers at " + url + " is no gateway: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        // The client ends with its last request.
    }
}
