package io.pantograph.deploy;

import io.pantograph.api.core.Settings;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets File Install watch {@code HOME/drop}, from the moment our installer is there to be asked first. It looks every half second and
 * tells of a file when it has not changed between two looks; what is there at the start it tells of at once.
 */
@Component(service = {}, immediate = true)
public final class DropFolder {

    private static final String POLL_MS = "500";

    private final Configuration watch;

    @Activate
    public DropFolder(@Reference Settings settings, @Reference ConfigurationAdmin configurations,
            @Reference(target = "(" + JarInstaller.DOOR + "=drop)") ArtifactInstaller installer) throws IOException {
        Dictionary<String, Object> how = new Hashtable<>();
        how.put("felix.fileinstall.dir", settings.home().resolve(JarInstaller.FOLDER).toString());
        how.put("felix.fileinstall.filter", "[^.].*\\.[jJ][aA][rR]");
        how.put("felix.fileinstall.subdir.mode", "skip");
        how.put("felix.fileinstall.poll", POLL_MS);
        how.put("felix.fileinstall.noInitialDelay", "true");
        how.put("felix.fileinstall.disableNio2", "true");
        how.put("felix.fileinstall.enableConfigSave", "false");
        how.put("felix.fileinstall.tmpdir", settings.home().resolve("deploy").resolve("staged").toString());
        how.put("felix.fileinstall.log.level", "1");
        watch = configurations.getFactoryConfiguration("org.apache.felix.fileinstall", "drop", "?");
        watch.update(how);
    }

    @Deactivate
    void close() throws IOException {
        try {
            watch.delete();
        } catch (IllegalStateException e) {
            // ConfigAdmin left before us, and File Install has heard that from it.
        }
    }
}
