package io.pantograph.api.dialect;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A cloud's device protocol, the device's half, as pure functions: no I/O, no thread, no clock of its own. Register it as a
 * service with {@link DialectName}.
 */
@ConsumerType
public interface Dialect {

    /**
     * Reads a device's settings.
     *
     * @param settings by the names that the cloud's own programs use; a setting may be there with an empty value
     * @param defaults what to use where the settings are silent
     * @throws IllegalArgumentException if one is missing, unknown or wrong, naming it, its value (never a secret's) and what would be right
     */
    Profile profile(Map<String, String> settings, Defaults defaults);
}
