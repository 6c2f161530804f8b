package io.pantograph.hub;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Secret;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's API key in {@code HOME/hub/credentials/watson.properties}. Made at random when the file is not there, so there is no
 * default; deleting the file makes a new key at the next start, editing it sets one.
 *
 * @param org the tenant, setting {@code pantograph.hub.watson.org}
 */
record Credentials(String org, String key, Secret token) {

    static final String ORG = "pantograph.hub.watson.org";

    private static final Logger log = LoggerFactory.getLogger(Credentials.class);
    private static final String FILE = "watson.properties";
    private static final Pattern GOOD_ORG = Pattern.compile("[a-z0-9]{6}");
    private static final Pattern GOOD_KEY = Pattern.compile("a-[a-z0-9]{6}-[A-Za-z0-9]{10}");

    static Credentials of(Settings settings, Tokens tokens) throws SettingException {
        String org = settings.text(ORG).orElse("edge01");
        if (!GOOD_ORG.matcher(org).matches() || org.equals("quickstart")) {
            throw new SettingException(ORG, org, "is no organisation", "choose 6 characters of a-z 0-9");
        }
        Path path = settings.home().resolve("hub").resolve("credentials").resolve(FILE);
        try {
            Folder folder = Folder.of(settings.home().resolve("hub")).folder("credentials");
            if (Files.exists(path)) {
                folder.file(FILE); // takes rights away that others should not have
                Credentials found = read(path, org);
                if (found.org.equals(org)) {
                    return found;
                }
                log.info("the organisation is now {}, so there is a new API key in {}", org, path);
            }
            Credentials made = new Credentials(org, "a-" + org + '-' + tokens.name(10), tokens.random());
            folder.write(FILE, made.text());
            return made;
        } catch (IOException e) {
            throw new SettingException("pantograph.home", settings.home(), "holds " + path + " that cannot be used (" + e.getMessage() + ')',
                    "check its rights");
        }
    }

    private static Credentials read(Path path, String org) throws IOException, SettingException {
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            found.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        String key = found.getProperty("api-key", "").trim();
        String token = found.getProperty("api-token", "").trim();
        if (!GOOD_KEY.matcher(key).matches() || token.length() < 8) {
            throw new SettingException(ORG, org, "has no good api-key (such as a-" + org + "-0123456789) or api-token (8 characters or more) in "
                    + path, "mend the file, or delete it to get new ones");
        }
        return new Credentials(key.substring(2, 8), key, Secret.of(token));
    }

    private String text() {
        return """
                # The hub's API key, for applications and the REST API. Keep it to yourself.
                # Delete this file to get a new one at the next start.
                org=%s
                api-key=%s
                api-token=%s
                """.formatted(org, key, token.reveal());
    }
}
