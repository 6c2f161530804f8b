package io.pantograph.hub.http;

import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.PlainSettings;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.osgi.framework.Bundle;

/** The hub's rooms but the MQTT front, in a framework of the test's own, with a real HTTP server. */
final class House implements AutoCloseable {

    private final Felix felix;
    private final Path home;
    private final Bundle room;
    private final Json json;
    private final HttpClient client = HttpClient.newHttpClient();

    House(Path folder) throws Exception {
        this(folder, new PlainSettings(folder.resolve("home")));
    }

    House(Path folder, PlainSettings settings) throws Exception {
        home = Files.createDirectories(folder.resolve("home"));
        // As the boxes set them.
        System.setProperty("org.apache.felix.http.host", "127.0.0.1");
        System.setProperty("org.osgi.service.http.port", "0");
        System.setProperty("org.eclipse.jetty.UriComplianceMode", "LEGACY");
        felix = Felix.start(folder.resolve("framework"));
        felix.context().registerService(Settings.class, settings, null);
        for (String library : List.of("org.apache.felix.http.servlet-api-", "commons-io-", "commons-fileupload-", "org.apache.felix.http.jetty12-",
                "jackson-core-", "sqlite-jdbc-", "dialect.watson-", "hub-", "hub.manage-")) {
            felix.library(library);
        }
        room = felix.room("hub.http");
        for (Bundle bundle : felix.context().getBundles()) {
            if (bundle.getBundleId() != 0) {
                bundle.start();
            }
        }
        json = felix.service(Json.class);
    }

    Felix felix() {
        return felix;
    }

    Bundle room() {
        return room;
    }

    Bundle hub() {
        return Arrays.stream(felix.context().getBundles()).filter(each -> each.getSymbolicName().equals("io.pantograph.hub")).findFirst().orElseThrow();
    }

    int port() {
        return felix.service(HttpBackend.class).port();
    }

    /** A Basic login: {@code key} is the API key, {@code -} nobody, all else user:password. */
    Optional<String> login(String as) throws IOException {
        if (as.equals("-")) {
            return Optional.empty();
        }
        String login = as;
        if (as.equals("key")) {
            Properties found = credentials();
            login = found.getProperty("api-key") + ':' + found.getProperty("api-token");
        }
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    Path home() {
        return home;
    }

    Properties credentials() throws IOException {
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("hub/credentials/watson.properties"))) {
            found.load(reader);
        }
        return found;
    }

    HttpResponse<String> call(String method, String path, String as, String body, String... headers) throws Exception {
        return call(method, path, as, body == null ? null : body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> call(String method, String path, String as, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/v0002" + path))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        login(as).ifPresent(login -> request.header("Authorization", login));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The body as plain data. */
    Object data(HttpResponse<String> response) throws Exception {
        return json.read(Bytes.utf8(response.body()));
    }

    Values object(HttpResponse<String> response) throws Exception {
        return (Values) data(response);
    }

    @Override
    public void close() throws Exception {
        felix.close();
    }
}
