package io.pantograph.deploy;

import io.pantograph.api.core.Settings;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every jar that File Install finds, so that none comes past the checks. File Install calls from one thread, once for each change
 * of a file that has come to rest, and hears of no failure: what is refused is told to the operator and is tried again when it changes.
 */
@Component(property = {Constants.SERVICE_RANKING + ":Integer=1000", JarInstaller.DOOR + "=" + Dropped.DOOR}, immediate = true)
public final class JarInstaller implements ArtifactInstaller, DeploymentListener {

    static final String DOOR = "pantograph.deploy";
    static final String FOLDER = "drop";

    private static final Logger LOG = LoggerFactory.getLogger(JarInstaller.class);

    private final Path folder;
    private final Dropped dropped;

    @Activate
    public JarInstaller(@Reference Settings settings, @Reference Deployments deployments) throws IOException {
        folder = Files.createDirectories(settings.home().resolve(FOLDER)).toRealPath();
        dropped = new Dropped(folder, settings.home().resolve("deploy"), deployments);
        dropped.begin();
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().toLowerCase(Locale.ROOT).endsWith(".jar");
    }

    @Override
    public void install(File file) throws IOException {
        if (isOurs(file.toPath())) {
            dropped.came(file.getName());
        }
    }

    @Override
    public void update(File file) throws IOException {
        if (isOurs(file.toPath())) {
            dropped.changed(file.getName());
        }
    }

    @Override
    public void uninstall(File file) throws IOException {
        dropped.gone(file.getName());
    }

    private boolean isOurs(Path jar) throws IOException {
        if (!Files.exists(jar)) {
            return false; // deleted meanwhile, of which we hear next
        }
        boolean ours = folder.equals(jar.toRealPath().getParent());
        if (!ours) {
            LOG.warn("{} is not taken: only jars in {} are", jar, folder);
        }
        return ours;
    }

    @Override
    public void changed(Deployment deployment) {
        try {
            dropped.told(deployment);
        } catch (IOException e) {
            LOG.warn("what became of {} could not be written down", deployment.id(), e);
        }
    }
}
