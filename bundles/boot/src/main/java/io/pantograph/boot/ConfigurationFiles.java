package io.pantograph.boot;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The configuration files {@code HOME/conf/*.json}, in the form that the OSGi Configurator has: an object whose members are
 * configurations by their PID, or by {@code PID~NAME} where there may be many; members that begin with a colon are remarks. One file is
 * somebody else's: {@code deployment.json} says what is to be deployed.
 */
final class ConfigurationFiles {

    private static final Path DEPLOYMENT = Path.of("deployment.json");

    private final Path home;

    ConfigurationFiles(Path home) {
        this.home = home;
    }

    /** All configurations by PID; those of a file that comes later in the alphabet win. */
    Map<String, Dictionary<String, Object>> read() throws SettingException {
        Map<String, Dictionary<String, Object>> configurations = new TreeMap<>();
        for (Path file : files()) {
            read(file).forEach((pid, properties) -> configurations.put(pid, properties));
        }
        return configurations;
    }

    private Iterable<Path> files() throws SettingException {
        TreeSet<Path> files = new TreeSet<>();
        Path folder = home.resolve("conf");
        if (Files.exists(folder)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.json")) {
                found.forEach(files::add);
                files.remove(folder.resolve(DEPLOYMENT));
            } catch (IOException e) {
                throw new SettingException(Known.HOME.key, home, "has a folder conf that cannot be read", "let this user read it");
            }
        }
        return files;
    }

    private Map<String, Dictionary<String, Object>> read(Path file) throws SettingException {
        Map<String, Dictionary<String, Object>> configurations = new TreeMap<>();
        try {
            for (Map.Entry<String, Object> configuration : object(JsonReader.read(Bytes.of(Files.readAllBytes(file))), "the file").entrySet()) {
                if (!configuration.getKey().startsWith(":")) {
                    configurations.put(configuration.getKey(), properties(object(configuration.getValue(), configuration.getKey())));
                }
            }
        } catch (IOException e) {
            throw wrong(file, "it cannot be read");
        } catch (CodecException | IllegalArgumentException e) {
            throw wrong(file, e.getMessage());
        }
        return configurations;
    }

    private static Values object(Object value, String what) {
        if (value instanceof Values values) {
            return values;
        }
        throw new IllegalArgumentException(what + " is no JSON object");
    }

    private static Dictionary<String, Object> properties(Values values) {
        Dictionary<String, Object> properties = new Hashtable<>();
        values.forEach((name, value) -> properties.put(name, value instanceof List<?> list ? array(name, list) : single(name, value)));
        return properties;
    }

    private static Object single(String name, Object value) {
        if (value instanceof String || value instanceof Boolean || value instanceof Number && !(value instanceof BigInteger)) {
            return value;
        }
        throw new IllegalArgumentException(name + " is no text, number, truth or list of them");
    }

    /** Configuration Admin takes arrays of one type; texts serve for all, since whoever reads them knows what he wants. */
    private static String[] array(String name, List<?> list) {
        return list.stream().map(value -> single(name, value).toString()).toArray(String[]::new);
    }

    private SettingException wrong(Path file, String why) {
        return new SettingException(Known.HOME.key, home, "has a conf/" + file.getFileName() + " that cannot be used: " + why,
                "correct that file, or remove it");
    }
}
