package io.pantograph.hub.azure;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.ConnectionString;
import io.pantograph.azure.Sas;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The keys of the shared access policies and of the ready enrolment group, in {@code HOME/hub/credentials/azure.properties}. Made at
 * random when the file is not there, so there is no default; deleting the file makes new ones at the next start, editing it sets them.
 */
final class KeyFile {

    static final String OWNER = "iothubowner";
    static final List<String> POLICIES = List.of(OWNER, "service", "device", "registryRead", "registryReadWrite");

    private static final String OWNERS = "service.connection-string";
    private static final String GROUP = "dps.group-key";

    private final HubName name;
    private final OwnFile file;
    private final Map<String, Secret> policies = new LinkedHashMap<>();
    private Optional<Secret> group;

    private KeyFile(HubName name, OwnFile file) {
        this.name = name;
        this.file = file;
    }

    static KeyFile of(Settings settings, HubName name) throws SettingException {
        try {
            KeyFile keys = new KeyFile(name, new OwnFile(settings.home(), "azure.properties", "hub", "credentials"));
            keys.load();
            return keys;
        } catch (IOException e) {
            throw new SettingException("pantograph.home", settings.home(), "holds hub/credentials/azure.properties that cannot be used ("
                    + e.getMessage() + ')', "check its rights");
        }
    }

    private void load() throws IOException, SettingException {
        if (!Files.exists(file.path())) {
            POLICIES.forEach(policy -> policies.put(policy, Keys.random()));
            group = Optional.of(Keys.random());
            file.write(text());
            return;
        }
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(file.path(), StandardCharsets.UTF_8)) {
            found.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        policies.put(OWNER, owner(found.getProperty(OWNERS, "")));
        for (String policy : POLICIES.subList(1, POLICIES.size())) {
            policies.put(policy, key("policy." + policy + ".key", found));
        }
        group = found.getProperty(GROUP, "").isBlank() ? Optional.empty() : Optional.of(key(GROUP, found));
        if (!name.scope().equals(found.getProperty("dps.id-scope")) || !connectionString().equals(found.getProperty(OWNERS).trim())) {
            file.write(text()); // the settings have changed since
        }
    }

    private Secret owner(String text) throws SettingException {
        try {
            ConnectionString read = ConnectionString.parse(text);
            if (read.policy().equals(Optional.of(OWNER)) && read.key().isPresent()) {
                return read.key().get();
            }
        } catch (IllegalArgumentException e) {
            throw wrong(OWNERS + " that is none (" + e.getMessage() + ')');
        }
        throw wrong(OWNERS + " without SharedAccessKeyName=" + OWNER + " or its key");
    }

    private Secret key(String property, Properties found) throws SettingException {
        String key = found.getProperty(property, "").trim();
        if (!Sas.isKey(key)) {
            throw wrong(property + " that is not 16 to 64 bytes in base64");
        }
        return Secret.of(key);
    }

    private SettingException wrong(String what) {
        return new SettingException(HubName.HOST, name.host(), "has in " + file.path() + " a " + what, "mend the file, or delete it to get new keys");
    }

    Map<String, Secret> policies() {
        return policies;
    }

    /** Empty if there is to be no ready group. */
    synchronized Optional<Secret> group() {
        return group;
    }

    /** @throws IllegalStateException if the file cannot be written */
    synchronized void group(Optional<Secret> key) {
        if (!key.equals(group)) {
            group = key;
            try {
                file.write(text());
            } catch (IOException e) {
                throw new IllegalStateException(file.path() + " cannot be written: " + e.getMessage(), e);
            }
        }
    }

    private String connectionString() {
        return "HostName=" + name.host() + ";SharedAccessKeyName=" + OWNER + ";SharedAccessKey=" + policies.get(OWNER).reveal();
    }

    private String text() {
        StringBuilder text = new StringBuilder("""
                # The keys of the hub's Azure side. Keep them to yourself.
                # Delete this file to get new ones at the next start; the names in it follow the settings pantograph.hub.azure.host and .scope.
                """);
        text.append(OWNERS).append('=').append(connectionString()).append('\n');
        for (String policy : POLICIES.subList(1, POLICIES.size())) {
            text.append("policy.").append(policy).append(".key=").append(policies.get(policy).reveal()).append('\n');
        }
        text.append("dps.id-scope=").append(name.scope()).append('\n');
        text.append("# Of the enrolment group 'default'; empty: no such group.\n");
        text.append(GROUP).append('=').append(group.map(Secret::reveal).orElse("")).append('\n');
        return text.toString();
    }
}
