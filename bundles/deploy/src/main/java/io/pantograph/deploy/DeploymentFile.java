package io.pantograph.deploy;

import io.pantograph.api.core.Settings;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches {@code HOME/conf/deployment.json}: a release document that says what is to be deployed here. */
@Component(immediate = true)
public final class DeploymentFile implements DeploymentListener {

    static final String FILE = "conf/deployment.json";

    private static final Logger LOG = LoggerFactory.getLogger(DeploymentFile.class);
    private static final int POLL_MS = 500;

    private final Desired desired;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> Telling.daemon(task, "pantograph-deployment-file"));
    private String said = "";

    @Activate
    public DeploymentFile(@Reference Settings settings, @Reference Deployments deployments) throws IOException {
        desired = new Desired(settings.home().resolve(FILE), deployments, new Notes(settings.home().resolve("deploy").resolve("file.json")));
        looking.scheduleWithFixedDelay(this::look, 0, POLL_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            desired.look();
            said = "";
        } catch (IOException | RuntimeException | Error e) { // there must be a next look
            if (!said.equals(e.toString())) {
                said = e.toString();
                LOG.error("{} cannot be looked at; what is deployed stays as it is", FILE, e);
            }
        }
    }

    @Override
    public void changed(Deployment deployment) {
        try {
            desired.told(deployment);
        } catch (IOException e) {
            LOG.warn("what became of {} could not be written down", deployment.id(), e);
        }
    }

    @Deactivate
    void close() throws InterruptedException {
        looking.shutdownNow();
        looking.awaitTermination(3, TimeUnit.SECONDS);
    }
}
