package io.pantograph.cli;

import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.service.Clients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which hub, and how to get in. */
final class Access {

    static final String VARIABLE = "PANTOGRAPH_LOGIN";

    private static final Pattern HOST = Pattern.compile("(?i)(?:^|;)\\s*HostName\\s*=\\s*([^;]*)");
    private static final Pattern HERE = Pattern.compile("(?i)\\s*(127\\..*|localhost|\\[?::1]?)\\s*");

    @Option(names = {"-l", "--login"}, paramLabel = "CONNECTION_STRING",
            description = "A service's connection string: HostName=...;SharedAccessKeyName=...;SharedAccessKey=... "
                    + "Else the variable " + VARIABLE + ", which others on this machine cannot read; else the local hub's own.")
    private String login;

    @Option(names = "--home", paramLabel = "FOLDER", defaultValue = "${sys:pantograph.home:-pantograph-data}",
            description = "The data folder of the local hub, for its key, port and authority (${DEFAULT-VALUE}).")
    private Path home;

    @Option(names = "--port", paramLabel = "PORT", description = "The hub's HTTPS port; else as the local hub says, and 443 elsewhere.")
    private Integer port;

    @Option(names = "--ca", paramLabel = "FILE", description = "Authorities in PEM to trust beside Java's own; else the local hub's.")
    private Path authority;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30", description = "How long a request may take (${DEFAULT-VALUE}).")
    private int timeout;

    LocalHub hub() {
        return new LocalHub(home);
    }

    int portOr(int usual) {
        return port == null ? usual : port;
    }

    boolean saysLogin() {
        return login != null;
    }

    boolean tellsPort() {
        return port != null;
    }

    Path authorityOr(Path usual) {
        return authority == null ? usual : authority;
    }

    Duration timeout() throws Trouble {
        if (timeout < 1 || timeout > 3600) {
            throw Trouble.usage("--timeout " + timeout + " must be of 1 to 3600 seconds");
        }
        return Duration.ofSeconds(timeout);
    }

    Optional<String> given(Screen screen) {
        return Optional.ofNullable(login).or(() -> Optional.ofNullable(screen.environment().apply(VARIABLE)).filter(text -> !text.isBlank()));
    }

    /** The connection string that a command logs in with. */
    String connectionString(Screen screen) throws Trouble {
        Optional<String> given = given(screen);
        return given.isPresent() ? given.get() : hub().connectionString();
    }

    ServiceClient open(Screen screen, Clients clients) throws Trouble {
        String connection = connectionString(screen);
        ServiceOptions options = ServiceOptions.of(connection).timeout(timeout());
        boolean here = given(screen).isEmpty() || isHere(connection) && hub().isThere();
        if (tellsPort()) {
            options = options.port(port);
        } else if (here) {
            options = options.port(hub().port());
        }
        if (authority != null) {
            options = options.trusting(authority);
        } else if (here) {
            options = options.trusting(hub().authority());
        }
        return clients.open(options);
    }

    private static boolean isHere(String connection) {
        Matcher host = HOST.matcher(connection);
        return host.find() && HERE.matcher(host.group(1)).matches();
    }

    /** Waits for an answer. */
    static <T> T await(CompletionStage<T> stage) throws ServiceException {
        try {
            return ServiceClient.await(stage);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException(0, ServiceException.CLOSED, "interrupted", e);
        }
    }
}
