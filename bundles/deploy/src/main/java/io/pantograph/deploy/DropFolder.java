package io.pantograph.deploy;

import io.pantograph.api.core.Settings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets File Install watch {@code HOME/drop}, from the moment it has our installer to ask first. It looks every half second and
 * tells of a file when it has not changed between two looks; what is there at the start it tells of at once.
 */
@Component(service = {}, immediate = true)
public final class DropFolder {

    private static final Logger LOG = LoggerFactory.getLogger(DropFolder.class);
    private static final String POLL_MS = "500";

    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";

    private final Configuration watch;
    private final Thread opener;

    @Activate
    public DropFolder(@Reference Settings settings, @Reference ConfigurationAdmin configurations,
            @Reference(target = "(" + JarInstaller.DOOR + "=drop)") ServiceReference<ArtifactInstaller> installer) throws IOException {
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
        watch = configurations.getFactoryConfiguration(FILE_INSTALL, "drop", "?");
        opener = new Thread(() -> open(installer, how), "pantograph-drop");
        opener.setDaemon(true);
        opener.start();
    }

    /** We may hear of our installer before File Install does; a jar that it saw in between it would take by itself, unchecked. */
    private void open(ServiceReference<ArtifactInstaller> installer, Dictionary<String, Object> how) {
        try {
            while (!knows(installer)) {
                Thread.sleep(10);
            }
            Thread.sleep(10); // it puts in its list what it has just got
            watch.update(how);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed before it was opened
        } catch (IOException | IllegalStateException e) {
            LOG.error("the drop folder is not watched", e);
        }
    }

    private static boolean knows(ServiceReference<ArtifactInstaller> installer) {
        Bundle[] users = installer.getUsingBundles();
        return users != null && Arrays.stream(users).anyMatch(bundle -> FILE_INSTALL.equals(bundle.getSymbolicName()));
    }

    @Deactivate
    void close() throws IOException, InterruptedException {
        opener.interrupt();
        opener.join(3_000);
        try {
            watch.delete();
        } catch (IllegalStateException e) {
            // ConfigAdmin left before us, and File Install has heard that from it.
        }
    }
}
