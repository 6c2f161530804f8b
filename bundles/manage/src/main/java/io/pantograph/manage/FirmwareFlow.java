package io.pantograph.manage;

import io.pantograph.api.dialect.ManagementGrammar.Firmware;
import io.pantograph.api.dialect.ManagementGrammar.Image;
import io.pantograph.api.dialect.ManagementGrammar.Update;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bundle by way of firmware: told of, fetched, installed. Fetching plans it, so that it is looked into before anybody asks for it to be used;
 * installing deploys it, and is done when it is proven. What is under way outlasts a restart: fetching goes on, and of an install the installer's
 * journal knows the end. What could not be told is told when there is somebody to hear it. Only for the steps of one device.
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

    /** Is told what has changed; empty: as it was. */
    @FunctionalInterface
    interface Observer {

        /** @return fails if it was not told; completes on any thread */
        CompletionStage<Void> changed(Optional<Image> image, Optional<Update> update);
    }

    private static final String CHAPTER = "firmware";
    private static final Logger log = LoggerFactory.getLogger(FirmwareFlow.class);

    private final DeviceId device;
    private final Deployments deployments;
    private final Notes notes;
    private final Executor steps;
    private final Executor worker;
    private final Observer observer;
    private final Consumer<String> trouble;

    private Firmware firmware = Firmware.NONE;
    private Image image = Image.NONE;
    private Update update = Update.DONE;
    private Release release;
    private String deployment = "";
    private boolean imageOwed;
    private boolean updateOwed;
    private long tellings;

    /**
     * @param worker fetches, which takes as long as it takes
     * @param trouble is told in one sentence why it was not fetched
     */
    FirmwareFlow(DeviceId device, Deployments deployments, Notes notes, Executor steps, Executor worker, Observer observer, Consumer<String> trouble) {
        this.device = device;
        this.deployments = deployments;
        this.notes = notes;
        this.steps = steps;
        this.worker = worker;
        this.observer = observer;
        this.trouble = trouble;
    }

    /** What was under way when the gateway ended; to be called once, before all else. */
    void begin() {
        try {
            read(notes.of(device, CHAPTER));
            if (image != Image.NONE) {
                release = release();
            }
        } catch (IllegalArgumentException e) {
            log.warn("what was noted of the firmware of {} is passed over: {}", device, e.getMessage());
            firmware = Firmware.NONE;
            image = Image.NONE;
            update = Update.DONE;
        }
        if (image == Image.COMING) {
            fetch();
        } else if (update == Update.UNDER_WAY) {
            wasInstalling();
        }
    }

    private void wasInstalling() {
        Optional<Deployment> begun = deployments.deployment(deployment).filter(this::isOurs);
        begun.ifPresentOrElse(this::changed, () -> end(Update.NOT_SUPPORTED));
        if (update != Update.UNDER_WAY && update != Update.DONE) {
            trouble.accept(begun.map(ActionFlow::said).orElse("firmware '" + firmware.uri() + "': the gateway ended before it had begun") + "; ask for it again");
        }
    }

    /** What was not journalled when the gateway ended has its number used again. */
    private boolean isOurs(Deployment one) {
        return one.door().equals(Actions.DOOR) && one.parts().stream().anyMatch(part -> part.sha256().filter(firmware.verifier()::equalsIgnoreCase).isPresent());
    }

    private void read(Map<String, String> page) {
        if (!page.isEmpty()) {
            firmware = new Firmware(page.getOrDefault("name", ""), page.getOrDefault("version", ""), page.getOrDefault("uri", ""),
                    page.getOrDefault("verifier", ""));
            image = Image.valueOf(page.getOrDefault("image", Image.NONE.name()));
            update = Update.valueOf(page.getOrDefault("update", Update.DONE.name()));
            deployment = page.getOrDefault("deployment", "");
            imageOwed = page.containsKey("image-owed");
            updateOwed = page.containsKey("update-owed");
        }
    }

    private void keep() {
        Map<String, String> page = new HashMap<>(Map.of("name", firmware.name(), "version", firmware.version(), "uri", firmware.uri(),
                "verifier", firmware.verifier(), "image", image.name(), "update", update.name(), "deployment", deployment));
        if (imageOwed) {
            page.put("image-owed", "");
        }
        if (updateOwed) {
            page.put("update-owed", "");
        }
        notes.keep(device, CHAPTER, page);
    }

    /** There is somebody to hear again what could not be told. */
    void connected() {
        if (imageOwed || updateOwed) {
            tell(imageOwed ? Optional.of(image) : Optional.empty(), updateOwed ? Optional.of(update) : Optional.empty());
        }
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
        imageOwed = false;
        updateOwed = false;
        keep();
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
            fetch();
        }
    }

    private void fetch() {
        Release wanted = release;
        worker.execute(() -> {
            List<String> refusals = refusals(wanted);
            steps.execute(() -> fetched(refusals));
        });
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
            release = release();
            return Reply.of(202);
        } catch (IllegalArgumentException e) {
            return Reply.wrong(400, "mgmt.firmware has uri, verifier (the sha256), and name and version of a bundle: " + e.getMessage());
        }
    }

    private Release release() {
        Values.Builder told = Values.builder().put("url", firmware.uri()).put("sha256", firmware.verifier());
        if (!firmware.name().isEmpty()) {
            told.put("name", firmware.name());
        }
        if (!firmware.version().isEmpty()) {
            told.put("version", firmware.version());
        }
        return Actions.install(told.build());
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
            keep();
            changed(deployments.deployment(begun.id()).orElse(begun));
        }
    }

    void changed(Deployment now) {
        if (!now.id().equals(deployment) || !now.state().isEnd()) {
            return;
        }
        end(now.state() == State.PROVEN ? Update.DONE : Update.NOT_SUPPORTED);
    }

    private void end(Update with) {
        deployment = "";
        become(Image.NONE, with);
    }

    private void become(Image image, Update update) {
        this.image = image == null ? this.image : image;
        this.update = update == null ? this.update : update;
        imageOwed |= image != null;
        updateOwed |= update != null;
        keep();
        tell(Optional.ofNullable(image), Optional.ofNullable(update));
    }

    private void tell(Optional<Image> image, Optional<Update> update) {
        long telling = ++tellings;
        observer.changed(image, update).whenComplete((told, failure) -> {
            if (failure == null) {
                steps.execute(() -> told(telling));
            }
        });
    }

    private void told(long telling) {
        if (telling == tellings) { // else something is to be told since then
            imageOwed = false;
            updateOwed = false;
            keep();
        }
    }
}
