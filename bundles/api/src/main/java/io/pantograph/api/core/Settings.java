package io.pantograph.api.core;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The box's own settings, each a system property or the same key in {@code HOME/conf/pantograph.properties} (the system
 * property wins). The service appears when they have been read and found good, and the home folder is there and ours; whoever
 * listens, stores or prints has it as a mandatory reference and so comes after.
 */
@ProviderType
public interface Settings {

    /** {@code pantograph.home}, absolute; exists, is writable, and no other box uses it. */
    Path home();

    /** {@code pantograph.bind}: the address to listen on; {@code 127.0.0.1} unless told. */
    String bind();

    /** A setting as written, trimmed; empty if it is not there or blank. */
    Optional<String> text(String key);

    /** A port; 0 means any free one. @throws SettingException if it is not of 0 to 65535 */
    int port(String key, int otherwise) throws SettingException;

    /** A whole number within these bounds. @throws SettingException if it is not */
    long number(String key, long otherwise, long least, long most) throws SettingException;

    /**
     * Ends the box because a setting cannot work, such as a port that is taken: one line on the standard error that
     * names the setting, the value and the remedy; exit code 2. Returns at once, the end comes from another thread.
     */
    void fail(SettingException why);
}
