package io.pantograph.cli;

import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import io.pantograph.service.Clients;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a hub. */
abstract class Order implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Access access;

    @Option(names = "--json", description = "JSON for programs.")
    private boolean json;

    Screen screen() {
        return ((Main) spec.root().userObject()).screen();
    }

    boolean json() {
        return json;
    }

    Access access() {
        return access;
    }

    @Override
    public final Integer call() throws Exception {
        try {
            return run();
        } catch (Trouble e) {
            screen().tell(e.getMessage());
            return e.code();
        } catch (ServiceException e) {
            screen().tell(words(e));
            return code(e);
        } catch (IllegalArgumentException e) {
            screen().tell(e.getMessage());
            return Trouble.USAGE;
        }
    }

    private String words(ServiceException why) {
        String name = why.status() == 0 ? "" : why.error() + " (" + why.status() + "): ";
        String remedy = "";
        if (why.error().equals(ServiceException.NOT_REACHABLE)) {
            remedy = access.given(screen()).isEmpty() ? "; is the hub running? If not, " + access.hub().start()
                    : "; check the host in the connection string, --port, and the network";
        } else if (why.error().equals(ServiceException.NOT_TRUSTED)) {
            remedy = " (--ca)";
        }
        return name + why.getMessage() + remedy;
    }

    private static int code(ServiceException why) {
        return why.status() == 0 ? Trouble.NOT_REACHABLE : Trouble.REFUSED;
    }

    /** @return the exit code. @throws IllegalArgumentException if an argument is wrong, naming it */
    int run() throws Exception {
        try (Clients clients = new Clients()) {
            return run(access.open(screen(), clients));
        }
    }

    int run(ServiceClient hub) throws Exception {
        throw new UnsupportedOperationException();
    }

    /** What is to be done with one of several. */
    interface Step {
        void to(String id) throws Exception;
    }

    /** Does it to each, also after one was refused. @return the exit code of the first that was */
    int each(List<String> ids, Step step) throws Exception {
        int code = 0;
        try (Progress progress = new Progress(screen(), "done", ids.size())) {
            for (int i = 0; i < ids.size(); i++) {
                try {
                    step.to(ids.get(i));
                } catch (ServiceException e) {
                    if (e.status() == 0) {
                        throw e;
                    }
                    screen().tell(ids.get(i) + ": " + words(e));
                    code = code == 0 ? code(e) : code;
                }
                progress.at(i + 1);
            }
        }
        return code;
    }

    /** One result: as JSON on one line or over several for who reads it. */
    void show(Object document) {
        screen().say(json ? Text.json(document) : Text.visible(Text.pretty(document)));
    }
}
