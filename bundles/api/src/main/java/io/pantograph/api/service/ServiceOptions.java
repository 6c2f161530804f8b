package io.pantograph.api.service;

import io.pantograph.api.model.Secret;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * Which hub, and how to log in there.
 *
 * <pre>{@code
 * ServiceOptions.of("HostName=127.0.0.1;SharedAccessKeyName=iothubowner;SharedAccessKey=...")
 *         .port(8443).trusting(Path.of("pantograph-data/hub/ca.pem"))
 * }</pre>
 *
 * <p>Prints without secrets.
 */
public final class ServiceOptions {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration USUAL_TOKEN_LIFE = Duration.ofHours(1);

    private final Secret connectionString;
    private final OptionalInt port;
    private final List<Path> authorities;
    private final Duration timeout;
    private final Duration tokenLife;

    private ServiceOptions(Secret connectionString, OptionalInt port, List<Path> authorities, Duration timeout, Duration tokenLife) {
        this.connectionString = connectionString;
        this.port = port;
        this.authorities = List.copyOf(authorities);
        this.timeout = timeout;
        this.tokenLife = tokenLife;
    }

    /**
     * @param connectionString of a service: {@code HostName=...;SharedAccessKeyName=...;SharedAccessKey=...}, or with a ready-made
     *     {@code SharedAccessSignature=...} instead of name and key, which is then not renewed
     */
    public static ServiceOptions of(String connectionString) {
        return new ServiceOptions(Secret.of(connectionString), OptionalInt.empty(), List.of(), USUAL_TIMEOUT, USUAL_TOKEN_LIFE);
    }

    /**
     * The local hub, which is running: with the key, the port and the authority that it keeps in its data folder.
     *
     * @param home the hub's setting {@code pantograph.home}
     * @throws IOException if no hub runs on that folder, or its files may not be read; tells which
     */
    public static ServiceOptions local(Path home) throws IOException {
        Path hub = home.resolve("hub");
        String port = line(hub.resolve("ports.properties"), "pantograph.hub.https.port");
        String login = line(hub.resolve("credentials").resolve("azure.properties"), "service.connection-string");
        try {
            return of(login).port(Integer.parseInt(port)).trusting(hub.resolve("ca.pem"));
        } catch (NumberFormatException e) {
            throw new IOException(hub.resolve("ports.properties") + " names the port '" + port + "', which is no number", e);
        }
    }

    private static String line(Path file, String name) throws IOException {
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            found.load(reader);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there: no hub runs on this folder", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        String value = found.getProperty(name, "").trim();
        if (value.isEmpty()) {
            throw new IOException(file + " tells no " + name);
        }
        return value;
    }

    /** Another port than 443, which is what the cloud has. */
    public ServiceOptions port(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " must be of 1 to 65535");
        }
        return new ServiceOptions(connectionString, OptionalInt.of(port), authorities, timeout, tokenLife);
    }

    /** Also trust who has a certificate of the authorities in this PEM file; Java's own are trusted anyway. May be told several times. */
    public ServiceOptions trusting(Path pem) {
        List<Path> all = new ArrayList<>(authorities);
        all.add(Objects.requireNonNull(pem));
        return new ServiceOptions(connectionString, port, all, timeout, tokenLife);
    }

    /** How long a request may take, all its tries together; 30 s unless told. A method takes as long as its own times say, and this. */
    public ServiceOptions timeout(Duration most) {
        return new ServiceOptions(connectionString, port, authorities, positive("timeout", most), tokenLife);
    }

    /** How long a token is good for, made anew at 80 % of its life; 1 h unless told. */
    public ServiceOptions tokenLife(Duration life) {
        return new ServiceOptions(connectionString, port, authorities, timeout, positive("token life", life));
    }

    private static Duration positive(String what, Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(what + ' ' + duration + " must be 1 s or more");
        }
        return duration;
    }

    /** A secret, for {@link ServiceClients} only. */
    public Secret connectionString() {
        return connectionString;
    }

    public OptionalInt port() {
        return port;
    }

    public List<Path> authorities() {
        return authorities;
    }

    public Duration timeout() {
        return timeout;
    }

    public Duration tokenLife() {
        return tokenLife;
    }

    @Override
    public String toString() {
        return "service" + (port.isPresent() ? " at port " + port.getAsInt() : "") + ", connection string " + connectionString
                + (authorities.isEmpty() ? "" : ", trusting " + authorities) + ", timeout " + timeout;
    }
}
