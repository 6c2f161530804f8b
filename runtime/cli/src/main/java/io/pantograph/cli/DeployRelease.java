package io.pantograph.cli;

import io.pantograph.api.model.Values;
import io.pantograph.shell.Tables;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Releases: bundles that change together, all of them or none. */
final class DeployRelease {

    private DeployRelease() {
    }

    /** A command with a release. */
    abstract static class Release extends GateOrder {

        @Parameters(arity = "0..*", paramLabel = "FILE.jar", description = "The bundles to bring.")
        private List<Path> files;

        @Option(names = "--remove", paramLabel = "BUNDLE", description = "Take this bundle out in the same release; may be said again.")
        private List<String> removed;

        @Mixin
        private TrialOptions trial;

        Values release(Gate gate) throws Exception {
            if (files == null && removed == null) {
                throw Trouble.usage("nothing to deploy; name a jar, such as target/codec.custom-1.0.0.jar");
            }
            Values.Builder bundles = Values.builder();
            for (Path file : files == null ? List.<Path>of() : files) {
                Jar jar = Jar.of(file);
                if (!bundles.putNew(jar.name(), gate.bring(jar))) {
                    throw Trouble.usage("two of these jars are bundle '" + jar.name() + "'; name one");
                }
            }
            for (String name : removed == null ? List.<String>of() : removed) {
                if (!bundles.putNew(name, null)) {
                    throw Trouble.usage("bundle '" + name + "' cannot come and go in one release; say one of them");
                }
            }
            return trial.release(bundles.build());
        }
    }

    @Command(name = "plan", description = "Say what a release would do, and touch nothing. Exit code 1 if it would be refused.")
    static final class Plan extends Release {

        @Override
        int run(Gate gate) throws Exception {
            Values plan = gate.plan(release(gate));
            if (json()) {
                show(plan);
            } else {
                say(Tables.plan(plan));
            }
            return plan.get("refusals") instanceof List<?> refusals && !refusals.isEmpty() ? Trouble.REFUSED : 0;
        }
    }

    @Command(name = "add", description = "Deploy bundles, all of them or none, and watch them being proven. Exit code 1 if they are refused or taken back.")
    static final class Add extends Release {

        @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
                description = "Watch until the end. Ctrl-C ends the watching, not the deployment.")
        private boolean waits;

        @Override
        int run(Gate gate) throws Exception {
            Values begun = gate.add(release(gate));
            return new Watching(this, gate).end(begun, waits);
        }
    }

    @Command(name = "remove", description = "Take a bundle out.")
    static final class Remove extends GateOrder {

        @Parameters(index = "0", paramLabel = "BUNDLE", description = "Its name.")
        private String name;

        @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
                description = "Watch until it is out. Ctrl-C ends the watching, not the deployment.")
        private boolean waits;

        @Override
        int run(Gate gate) throws Exception {
            return new Watching(this, gate).end(gate.remove(name), waits);
        }
    }
}
