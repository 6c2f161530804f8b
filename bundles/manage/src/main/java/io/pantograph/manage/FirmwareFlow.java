package io.pantograph.manage;

import io.pantograph.api.dialect.ManagementGrammar.Firmware;
import io.pantograph.api.dialect.ManagementGrammar.Image;
import io.pantograph.api.dialect.ManagementGrammar.Update;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bundle by way of firmware: told of, fetched, installed. Fetching plans it, so that it is looked into before anybody asks for it to be used;
 * installing deploys it, and is done when it is proven. Not kept over a restart: the application tells it anew. Only for the steps of one device.
 */
final class FirmwareFlow {

    /** What is answered: a status, and why if it is none of the good ones. */
    record Reply(int status, Optional<String> why) {

        static Reply of(int status) {
            return new Reply(status, Optional.empty());
        }

        static Reply wrong(int status, String why) {
            return new Reply(status, Optional.of(why));
        }
    }

    private static final Logger log = LoggerFactory.getLogger(FirmwareFlow.class);

    private final Deployments deployments;
    private final Executor steps;
    private final Executor worker;
    private final BiConsumer<Optional<Image>, Optional<Update>> observer;
    private final Consumer<String> trouble;

    private Firmware firmware = Firmware.NONE;
    private Image image = Image.NONE;
    private Update update = Update.DONE;
    private Release release;
    private String deployment = "";

    /**
     * @param worker fetches, which takes as long as it takes
     * @param observer is told what has changed
     * @param trouble is told in one sentence why it was not fetched
     */
    FirmwareFlow(Deployments deployments, Executor steps, Executor worker, BiConsumer<Optional<Image>, Optional<Update>> observer,
            Consumer<String> trouble) {
        this.deployments = deployments;
        this.steps = steps;
        this.worker = worker;
        this.observer = observer;
        this.trouble = trouble;
    }

    Firmware firmware() {
        return firmware;
    }

    Image image() {
        return image;
    }

    Update update() {
        return update;
    }

    /** Which one is wanted from now on. */
    Reply told(Firmware wanted) {
        if (isBusy()) {
            return Reply.wrong(409, "the firmware before is still under way");
        }
        if (!wanted.equals(firmware)) { // it is told again before it is installed
            firmware = wanted;
            image = Image.NONE;
        }
        update = Update.DONE;
        return Reply.of(204);
    }

    private boolean isBusy() {
        return image == Image.COMING || !deployment.isEmpty();
    }

    /** @param answer is given the reply before anything else is told */
    void download(Consumer<Reply> answer) {
        Reply reply = downloadable();
        answer.accept(reply);
        if (reply.status() == 202) {
            become(Image.COMING, null);
            Release wanted = release;
            worker.execute(() -> {
                List<String> refusals = refusals(wanted);
                steps.execute(() -> fetched(refusals));
            });
        }
    }

    private Reply downloadable() {
        if (isBusy()) {
            return Reply.wrong(400, "the firmware is not idle: it is " + (image == Image.COMING ? "being fetched" : "being installed"));
        }
        try {
            URI uri = URI.create(firmware.uri());
            if (!"https".equals(uri.getScheme())) {
                return Reply.wrong(400, "mgmt.firmware.uri must be an https URL of the hub, it is '" + firmware.uri() + "'");
            }
            Values.Builder told = Values.builder().put("url", firmware.uri()).put("sha256", firmware.verifier());
            if (!firmware.name().isEmpty()) {
                told.put("name", firmware.name());
            }
            if (!firmware.version().isEmpty()) {
                told.put("version", firmware.version());
            }
            release = Actions.install(told.build());
            return Reply.of(202);
        } catch (IllegalArgumentException e) {
            return Reply.wrong(400, "mgmt.firmware has uri, verifier (the sha256), and name and version of a bundle: " + e.getMessage());
        }
    }

    private List<String> refusals(Release wanted) {
        try {
            Plan plan = deployments.plan(wanted);
            return plan.refusals();
        } catch (RuntimeException e) {
            log.error("the firmware could not be looked into", e);
            return List.of("it could not be looked into: " + e.getMessage());
        }
    }

    private void fetched(List<String> refusals) {
        if (refusals.isEmpty()) {
            become(Image.HERE, null);
        } else {
            become(Image.NONE, Update.NOT_VERIFIED);
            trouble.accept("firmware '" + firmware.uri() + "': " + String.join(" ", refusals));
        }
    }

    /** @param answer as with {@link #download} */
    void install(Consumer<Reply> answer) {
        Reply reply = image == Image.HERE && deployment.isEmpty() ? Reply.of(202) : Reply.wrong(400, "no firmware was downloaded that could be installed");
        answer.accept(reply);
        if (reply.status() == 202) {
            become(null, Update.UNDER_WAY);
            Deployment begun = deployments.deploy(release);
            deployment = begun.id();
            changed(deployments.deployment(begun.id()).orElse(begun));
        }
    }

    void changed(Deployment now) {
        if (!now.id().equals(deployment) || !now.state().isEnd()) {
            return;
        }
        deployment = "";
        become(Image.NONE, now.state() == State.PROVEN ? Update.DONE : Update.NOT_SUPPORTED);
    }

    private void become(Image image, Update update) {
        this.image = image == null ? this.image : image;
        this.update = update == null ? this.update : update;
        observer.accept(Optional.ofNullable(image), Optional.ofNullable(update));
    }
}
