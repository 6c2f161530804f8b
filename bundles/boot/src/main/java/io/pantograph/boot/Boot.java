package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the settings once they are found good. In a box, {@link Main} has read them before the framework was there;
 * in somebody else's framework this is the first time.
 */
@Component(immediate = true)
public final class Boot implements Settings {

    private static final Logger LOG = LoggerFactory.getLogger(Boot.class);

    private final End end;
    private final Sheet sheet;

    @Activate
    public Boot(BundleContext context) throws SettingException {
        end = new End(context.getBundle(0));
        try {
            sheet = Sheet.read(System.getProperties());
            new HomeFolder(sheet.home()).open();
            if (sheet.text(Known.SHELL.key).orElse("").equals("true")) {
                Console.open(context, ClassLoader::getSystemResourceAsStream);
            }
        } catch (SettingException e) {
            fail(e);
            throw e;
        }
        end.hook();
        LOG.info("Pantograph {} starts, Java {}, data in {}", context.getBundle().getVersion(), Runtime.version(), sheet.home());
    }

    @Deactivate
    void close() {
        LOG.info("Pantograph ends");
        end.unhook();
    }

    @Override
    public Path home() {
        return sheet.home();
    }

    @Override
    public String bind() {
        return text(Known.BIND.key).orElse(Known.BIND.otherwise);
    }

    @Override
    public Optional<String> text(String key) {
        return sheet.text(key);
    }

    @Override
    public int port(String key, int otherwise) throws SettingException {
        return (int) within(key, otherwise, 0, 65_535, "use a port from 1 to 65535, or 0 for any free one");
    }

    @Override
    public long number(String key, long otherwise, long least, long most) throws SettingException {
        return within(key, otherwise, least, most, "use a number from " + least + " to " + most);
    }

    @Override
    public void fail(SettingException why) {
        end.because(why);
    }

    private long within(String key, long otherwise, long least, long most, String remedy) throws SettingException {
        Optional<String> text = text(key);
        return text.isEmpty() ? otherwise : Numbers.within(key, text.get(), least, most, remedy);
    }
}
