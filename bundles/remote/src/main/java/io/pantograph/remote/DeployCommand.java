package io.pantograph.remote;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.device.Device;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Plan;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command {@code deploy}. Its body names one thing to do:
 * <pre>{@code
 * {"plan": release}     what it would do                          200 plan, 409 plan with its refusals
 * {"add": release}      begins; so does a release alone           200 deployment, 409 refused
 * {"add": release, "wait": true}   the deployment, at its end, is the outcome of the command   202 {"deployment": "d-17"}
 * {"list": {}}          what is here, and the last deployments    200
 * {"show": {"what": "d-17"}}   or a bundle's name                 200, 404
 * {"promote": {"what": "d-17"}}                                   200 deployment, 409 refused
 * {"rollback": {"what": "d-17", "why": "a sentence"}}             200 deployment, 409 refused
 * {"remove": {"name": "org.example.codec"}}                       200 deployment, 409 refused
 * }</pre>
 * What cannot be read is answered 400 with one sentence. Who waits while the gateway restarts is told afterwards.
 */
final class DeployCommand implements CommandHandler {

    static final String NAME = "deploy";
    static final String DOOR = "method";
    static final int MOST_WAITING = 100;
    private static final Set<String> VERBS = new TreeSet<>(Set.of("plan", "add", "list", "show", "promote", "rollback", "remove"));
    private static final Logger log = LoggerFactory.getLogger(DeployCommand.class);

    private final Device device;
    private final Deployments deployments;
    private final Memory memory;
    private final Map<String, Command> waiting = new ConcurrentHashMap<>();
    /** Deployments whose end was waited for and not told yet. */
    private final Set<String> untold = ConcurrentHashMap.newKeySet();

    DeployCommand(Device device, Deployments deployments, Memory memory) {
        this.device = device;
        this.deployments = deployments;
        this.memory = memory;
    }

    /** Tells those who waited when the gateway ended. Before the first command, since what was not journalled then has its number used again. */
    void begin() {
        for (String id : memory.awaited(device.id())) {
            Optional<Deployment> found = deployments.deployment(id).filter(one -> one.door().equals(DOOR));
            Instant now = Instant.now();
            Command asked = new Command(id, device.id(), NAME, "json", Content.of(null).at(now), now);
            untold.add(id);
            if (found.isPresent()) {
                waiting.put(id, asked);
                changed(found.get());
            } else {
                tell(id, asked, Values.of("id", id, "state", State.REFUSED.word(), "reason", "the gateway ended before it had begun; ask again"));
            }
        }
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command) {
        CommandResult result;
        try {
            result = carryOut(command);
        } catch (IllegalArgumentException e) {
            result = CommandResult.failed(400, e.getMessage());
        } catch (RefusedException e) {
            result = CommandResult.failed(409, e.getMessage());
        }
        return completedFuture(result);
    }

    private CommandResult carryOut(Command command) throws RefusedException {
        if (!(command.content().data() instanceof Values body)) {
            throw new IllegalArgumentException("the body must be an object with one of " + String.join(", ", VERBS) + ", or a release document");
        }
        if (body.containsKey("bundles")) {
            return add(command, without(body, "wait"), waits(body));
        }
        String verb = verb(body);
        Values given = body.get(verb) == null ? Values.EMPTY : body.values(verb);
        return switch (verb) {
            case "plan" -> plan(release(given));
            case "add" -> add(command, given, waits(body));
            case "list" -> CommandResult.ok(Answers.list(deployments));
            case "show" -> show(given.text("what"));
            case "promote" -> told(deployments.promote(BundleKeys.name(given.text("what")), DOOR));
            case "rollback" -> told(deployments.rollback(BundleKeys.name(given.text("what")), DOOR,
                    given.containsKey("why") ? given.text("why") : "as was asked by command '" + command.name() + "' of " + device.id()));
            default -> told(begin(release(Values.of("bundles", Values.of(given.text("name"), null)))));
        };
    }

    private static String verb(Values body) {
        List<String> found = body.keySet().stream().filter(name -> !name.equals("wait")).toList();
        if (found.size() != 1 || !VERBS.contains(found.get(0))) {
            throw new IllegalArgumentException("the body must name one of " + String.join(", ", VERBS) + ", it names "
                    + (found.isEmpty() ? "nothing" : Names.visible(String.join(", ", found))));
        }
        return found.get(0);
    }

    private static boolean waits(Values body) {
        return body.containsKey("wait") && body.flag("wait");
    }

    private static Values without(Values body, String name) {
        Values.Builder copy = Values.builder();
        body.forEach((key, value) -> {
            if (!key.equals(name)) {
                copy.put(key, value);
            }
        });
        return copy.build();
    }

    private static Release release(Values document) {
        return Release.of(DOOR, BundleKeys.named(document));
    }

    private CommandResult plan(Release release) {
        Plan plan = deployments.plan(release);
        return new CommandResult(plan.refusals().isEmpty() ? 200 : 409, Content.of(plan.values()));
    }

    private CommandResult show(String what) {
        return Answers.show(deployments, what).map(CommandResult::ok)
                .orElseGet(() -> CommandResult.failed(404, "there is no deployment and no bundle '" + Names.visible(what) + "'; list shows what is here"));
    }

    private Deployment begin(Release release) {
        Deployment begun = deployments.deploy(release);
        log.info("{} was asked of {} by command", begun.id(), device.id());
        return begun;
    }

    private CommandResult add(Command command, Values document, boolean wait) {
        Release release = release(document);
        if (wait && waiting.size() >= MOST_WAITING) {
            return CommandResult.failed(503, MOST_WAITING + " deployments are waited for already; ask without wait");
        }
        Deployment begun = begin(release);
        if (!wait) {
            return told(begun);
        }
        untold.add(begun.id());
        waiting.put(begun.id(), command);
        note();
        // It may have come to its end before we stood here.
        Optional<Deployment> now = deployments.deployment(begun.id()).filter(one -> one.state().isEnd());
        if (now.isPresent() && waiting.remove(begun.id()) != null) {
            untold.remove(begun.id());
            note();
            return told(now.get());
        }
        return new CommandResult(202, Content.of("deployment", begun.id()));
    }

    private static CommandResult told(Deployment deployment) {
        return new CommandResult(deployment.state() == State.REFUSED ? 409 : 200, Content.of(Answers.of(deployment)));
    }

    /** A deployment has changed. */
    void changed(Deployment deployment) {
        if (!deployment.state().isEnd()) {
            return;
        }
        Command asked = waiting.remove(deployment.id());
        if (asked != null) {
            tell(deployment.id(), asked, Answers.of(deployment));
        }
    }

    private void tell(String deployment, Command asked, Values outcome) {
        device.connected().thenCompose(connected -> device.outcome(asked, outcome)).whenComplete((done, failure) -> {
            Throwable why = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (why instanceof DeliveryException closed && closed.reason() == DeliveryException.Reason.CLOSED) {
                return; // after the restart, then
            }
            if (why != null) {
                log.warn("the outcome of {} could not be told to the cloud of {}: {}", deployment, device.id(), why.getMessage());
            }
            untold.remove(deployment);
            note();
        });
    }

    private void note() {
        try {
            memory.await(device.id(), untold);
        } catch (IOException e) {
            log.warn("cannot note who waits, so after a restart the outcome may not be told: {}", e.toString());
        }
    }
}
