package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;

/**
 * All settings of this box, read once: those on the command line (the system properties), and under them those in
 * {@code HOME/conf/pantograph.properties}.
 */
final class Sheet {

    private final Path home;
    private final Map<String, String> values;

    private Sheet(Path home, Map<String, String> values) {
        this.home = home;
        this.values = values;
    }

    /** @throws SettingException if a key is unknown or a value cannot work */
    static Sheet read(Properties system) throws SettingException {
        Path home = home(system);
        Map<String, String> values = new HashMap<>();
        Path file = home.resolve("conf").resolve("pantograph.properties");
        take(load(file), "", values);
        if (values.containsKey(Known.HOME.key)) {
            throw new SettingException(Known.HOME.key, values.get(Known.HOME.key), "stands in " + file + ", which is found by it",
                    "take it out there and start with --home=FOLDER");
        }
        take(system, Known.PREFIX, values);
        check(values);
        return new Sheet(home, values);
    }

    Path home() {
        return home;
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).map(String::trim).filter(text -> !text.isEmpty());
    }

    private static Path home(Properties system) throws SettingException {
        String folder = system.getProperty(Known.HOME.key, Known.HOME.otherwise).trim();
        try {
            return Path.of(folder.isEmpty() ? Known.HOME.otherwise : folder).toAbsolutePath().normalize();
        } catch (RuntimeException e) {
            throw new SettingException(Known.HOME.key, folder, "is not the name of a folder", "name a folder that may be written");
        }
    }

    private static Properties load(Path file) throws SettingException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (CharacterCodingException | IllegalArgumentException e) {
                throw new SettingException(Known.HOME.key, file.getParent().getParent(), "has a conf/pantograph.properties that is "
                        + "not text in UTF-8 with lines like key=value", "correct that file, or remove it");
            } catch (IOException e) {
                throw new SettingException(Known.HOME.key, file.getParent().getParent(), "has a conf/pantograph.properties that "
                        + "cannot be read", "let this user read it, or remove it");
            }
        }
        return properties;
    }

    /** A file of ours may hold nothing but settings; the system's properties hold much else. */
    private static void take(Properties from, String prefix, Map<String, String> values) throws SettingException {
        for (String key : new TreeSet<>(from.stringPropertyNames())) {
            if (key.startsWith(prefix)) {
                String value = from.getProperty(key);
                if (Known.of(key).isEmpty()) {
                    throw new SettingException(key, value, "is not a setting",
                            Known.near(key).map(near -> "did you mean " + near.key + "?").orElse("--help lists them all"));
                }
                values.put(key, value);
            }
        }
    }

    private static void check(Map<String, String> values) throws SettingException {
        Map<Known, String> ports = new EnumMap<>(Known.class);
        for (Known known : Known.values()) {
            String value = values.getOrDefault(known.key, "").trim();
            if (!value.isEmpty()) {
                known.check(value);
            }
            if (known.isPort()) {
                ports.put(known, value.isEmpty() ? known.otherwise : value);
            }
        }
        for (Known one : ports.keySet()) {
            for (Known other : ports.keySet()) {
                String port = ports.get(one);
                if (one.compareTo(other) < 0 && !port.equals("0") && port.equals(ports.get(other))) {
                    throw other.wrong(port, "is also " + one.key, "give each its own port, or 0 for any free one");
                }
            }
        }
    }
}
