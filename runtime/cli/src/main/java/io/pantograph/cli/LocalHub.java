package io.pantograph.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What a hub on this machine has left in its data folder for who may read it. */
record LocalHub(Path home) {

    private static final String PORT = "pantograph.hub.https.port";

    boolean isThere() {
        return Files.exists(ports());
    }

    private Path ports() {
        return home.resolve("hub").resolve("ports.properties");
    }

    Path authority() {
        return home.resolve("hub").resolve("ca.pem");
    }

    String start() {
        return "start one with java -jar pantograph-hub.jar --home=" + home + ", name another folder with --home, or a hub elsewhere with --login";
    }

    int port() throws Trouble {
        String port = read(ports(), Trouble.NOT_REACHABLE, "no hub runs on the data folder " + home + "; " + start()).getProperty(PORT, "");
        try {
            return Integer.parseInt(port.trim());
        } catch (NumberFormatException e) {
            throw Trouble.usage(ports() + " tells no " + PORT + "; " + start());
        }
    }

    String connectionString() throws Trouble {
        return credential("azure.properties", "service.connection-string");
    }

    /** A line of {@code watson.properties}. */
    String watson(String name) throws Trouble {
        return credential("watson.properties", name);
    }

    private String credential(String file, String name) throws Trouble {
        Path path = home.resolve("hub").resolve("credentials").resolve(file);
        String value = read(path, Trouble.NOT_REACHABLE, "there is no hub's data in " + home + " (" + path + " is missing); " + start())
                .getProperty(name, "").trim();
        if (value.isEmpty()) {
            throw Trouble.usage(path + " tells no " + name + "; delete it, and the hub makes a new one at its next start");
        }
        return value;
    }

    private static Properties read(Path file, int code, String missing) throws Trouble {
        if (!Files.exists(file)) {
            throw new Trouble(code, missing);
        }
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            found.load(reader);
            return found;
        } catch (IOException | IllegalArgumentException e) {
            throw Trouble.usage(file + " cannot be read (" + e.getMessage() + "); only its owner may");
        }
    }
}
