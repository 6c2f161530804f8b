package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Map;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Hands the configuration files to Configuration Admin when the box starts. */
@Component(immediate = true, service = {})
public final class Configurations {

    private static final String ANY_BUNDLE = "?";

    @Activate
    public Configurations(@Reference Settings settings, @Reference ConfigurationAdmin admin) throws IOException {
        try {
            for (Map.Entry<String, Dictionary<String, Object>> entry : new ConfigurationFiles(settings.home()).read().entrySet()) {
                String[] name = entry.getKey().split("~", 2);
                (name.length == 2 ? admin.getFactoryConfiguration(name[0], name[1], ANY_BUNDLE)
                        : admin.getConfiguration(name[0], ANY_BUNDLE)).updateIfDifferent(entry.getValue());
            }
        } catch (SettingException e) {
            settings.fail(e);
        }
    }
}
