package io.pantograph.device;

import java.lang.reflect.Array;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/**
 * A device set up by a factory configuration {@code io.pantograph.device}. Its keys are {@code dialect} and what that dialect
 * knows, described there; keys with a dot or a colon are the framework's own.
 */
@Component(service = {}, immediate = true, configurationPid = "io.pantograph.device", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredDevice {

    static final String USUAL_DIALECT = "watson";

    private final Register register;
    private final String origin;

    @Activate
    public ConfiguredDevice(@Reference Devices devices, Map<String, Object> configuration) {
        register = devices.register();
        origin = "configuration " + configuration.get("service.pid");
        set(configuration);
    }

    @Modified
    void set(Map<String, Object> configuration) {
        Map<String, String> settings = new TreeMap<>();
        configuration.forEach((key, value) -> {
            if (key.indexOf('.') < 0 && key.indexOf(':') < 0) {
                settings.put(key, text(value));
            }
        });
        String dialect = settings.remove("dialect");
        register.configure(origin, Devices.options(dialect == null ? USUAL_DIALECT : dialect, settings));
    }

    /** Some tools write every value as an array. */
    private static String text(Object value) {
        return value.getClass().isArray() && Array.getLength(value) == 1 ? String.valueOf(Array.get(value, 0)) : String.valueOf(value);
    }

    @Deactivate
    void gone() {
        register.unconfigure(origin);
    }
}
