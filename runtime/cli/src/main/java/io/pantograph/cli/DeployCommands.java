package io.pantograph.cli;

import io.pantograph.api.model.Values;
import io.pantograph.shell.Tables;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is deployed on a gateway. */
@Command(name = "deploy", description = "Bring bundles to a gateway while it runs, watch them being proven, take them back.",
        subcommands = {DeployRelease.Plan.class, DeployRelease.Add.class, DeployCommands.ListAll.class, DeployCommands.Show.class,
            DeployCommands.Promote.class, DeployCommands.Rollback.class, DeployRelease.Remove.class, DeployCommands.Codecs.class, DeployCommands.Parked.class,
            DeployCommands.Waiting.class})
final class DeployCommands {

    private DeployCommands() {
    }

    @Command(name = "list", description = "List the bundles that deployments brought, with what they have shown.")
    static final class ListAll extends GateOrder {

        @Option(names = "--deployments", description = "The deployments instead, also those that were refused or taken back.")
        private boolean deployments;

        @Override
        int run(Gate gate) throws Exception {
            List<Values> found = deployments ? gate.deployments() : gate.bundles();
            if (json()) {
                show(found);
                return 0;
            }
            say(deployments ? Tables.deployments(found) : Tables.bundles(found));
            String what = deployments ? "deployment" : "bundle";
            screen().tell(found.size() + " " + what + (found.size() == 1 ? "" : "s"));
            return 0;
        }
    }

    /** A command for a deployment or a bundle. */
    abstract static class One extends GateOrder {

        @Parameters(index = "0", paramLabel = "NAME|ID", description = "A bundle's name, or a deployment's id such as d-17.")
        private String what;

        String what() {
            return what;
        }
    }

    @Command(name = "show", description = "Show all about a bundle or a deployment: history, evidence, and where versions differed.")
    static final class Show extends One {

        @Override
        int run(Gate gate) throws Exception {
            Values found = gate.show(what());
            if (json()) {
                show(found);
            } else if (found.containsKey("id")) {
                say(Tables.deployment(found));
            } else {
                about(found);
            }
            return 0;
        }

        private void about(Values found) {
            if (found.get("bundle") instanceof Values bundle) {
                say(Tables.bundle(bundle));
            }
            List<Values> deployments = Tables.objects(found, "deployments");
            if (!deployments.isEmpty()) {
                screen().say("");
                say(Tables.deployments(deployments));
                if (deployments.get(0).containsKey("history")) {
                    screen().say("");
                    say(Tables.deployment(deployments.get(0)));
                }
            }
        }
    }

    @Command(name = "promote", description = "End the trial of a bundle or deployment: it counts as proven.")
    static final class Promote extends One {

        @Override
        int run(Gate gate) throws Exception {
            return verdict(gate.promote(what()));
        }

        private int verdict(Values deployment) {
            if (json()) {
                show(deployment);
            } else {
                say(Tables.verdict(deployment));
            }
            return 0;
        }
    }

    @Command(name = "rollback", description = "Take back what is on its way, or go back to the version before.")
    static final class Rollback extends One {

        @Option(names = "--why", paramLabel = "SENTENCE", defaultValue = "asked for on the command line", description = "For the history (${DEFAULT-VALUE}).")
        private String why;

        @Override
        int run(Gate gate) throws Exception {
            Values deployment = gate.rollback(what(), why);
            if (json()) {
                show(deployment);
            } else {
                say(Tables.verdict(deployment));
            }
            return 0;
        }
    }

    @Command(name = "codecs", description = "List the codecs of the gateway of this machine, and how they do.")
    static final class Codecs extends GateOrder {

        @Override
        int run(Gate gate) throws Exception {
            List<Values> found = gate.codecs();
            if (json()) {
                show(found);
            } else {
                say(Tables.codecs(found));
            }
            return 0;
        }
    }

    /** A list that may be long. */
    abstract static class Bounded extends GateOrder {

        private static final int MOST = 1_000;

        @Option(names = "--most", paramLabel = "N", defaultValue = "100", description = "At most so many, of up to 1000 (${DEFAULT-VALUE}).")
        private int most;

        int most() throws Trouble {
            if (most < 0 || most > MOST) {
                throw Trouble.usage("--most " + most + " must be of 0 to " + MOST);
            }
            return most;
        }
    }

    @Command(name = "parked", description = "List the messages that wait for a codec, the oldest first.")
    static final class Parked extends Bounded {

        @Override
        int run(Gate gate) throws Exception {
            Values found = gate.parked(most());
            if (json()) {
                show(found);
                return 0;
            }
            say(Tables.parked(Tables.objects(found, "parked")));
            screen().tell(Text.member(found, "count") + " wait for a codec; " + Text.member(found, "decoded") + " were decoded later, "
                    + Text.member(found, "dropped") + " dropped");
            return 0;
        }
    }

    @Command(name = "waiting", description = "List the events that the hub has not acknowledged yet, by device, format and the codec that wrote them.")
    static final class Waiting extends Bounded {

        @Override
        int run(Gate gate) throws Exception {
            Values found = gate.waiting(most());
            if (json()) {
                show(found);
                return 0;
            }
            say(Tables.waiting(Tables.objects(found, "waiting")));
            String count = Text.member(found, "count");
            screen().tell(count + (count.equals("1") ? " event waits" : " events wait") + " for the hub");
            return 0;
        }
    }
}
