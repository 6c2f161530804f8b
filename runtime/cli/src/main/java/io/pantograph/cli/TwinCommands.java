package io.pantograph.cli;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceClient;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Twins. */
@Command(name = "twin", description = "Look at, change and search the twins of devices.",
        subcommands = {TwinCommands.Show.class, TwinCommands.Update.class, TwinCommands.Query.class})
final class TwinCommands {

    @Command(name = "show", description = "Show a device's twin: tags, desired and reported properties.")
    static final class Show extends DeviceCommands.One {

        @Override
        int run(ServiceClient hub) throws Exception {
            show(Access.await(hub.twins().find(target())));
            return 0;
        }
    }

    @Command(name = "update", description = "Merge into a twin, null deletes; show the twin it became.")
    static final class Update extends DeviceCommands.One {

        @Parameters(index = "1", arity = "0..1", paramLabel = "PATCH",
                description = "JSON: {\"tags\": {...}, \"properties\": {\"desired\": {...}}}; a single - reads it from the standard input.")
        private String patch;

        @Option(names = "--desired", paramLabel = "JSON", description = "The desired properties of the patch.")
        private String desired;

        @Option(names = "--tags", paramLabel = "JSON", description = "The tags of the patch.")
        private String tags;

        @Option(names = "--replace", description = "Replace the sections that are told, instead of merging into them.")
        private boolean replace;

        @Option(names = "--if-match", paramLabel = "ETAG", description = "Only if the twin still has this ETag.")
        private String tag;

        @Override
        int run(ServiceClient hub) throws Exception {
            Optional<String> ifMatch = Optional.ofNullable(tag);
            show(Access.await(replace ? hub.twins().replace(target(), wanted(), ifMatch) : hub.twins().patch(target(), wanted(), ifMatch)));
            return 0;
        }

        private Values wanted() throws Exception {
            if (patch != null && (desired != null || tags != null)) {
                throw Trouble.usage("say either PATCH, or --desired and --tags");
            }
            if (patch != null) {
                return Text.object("PATCH", patch.equals("-") ? Bytes.wrap(screen().in().readAllBytes()).text() : patch);
            }
            if (desired == null && tags == null) {
                throw Trouble.usage("nothing to change; say PATCH, --desired '{\"name\": \"value\"}' or --tags '{\"hall\": \"A\"}'");
            }
            Values.Builder wanted = Values.builder();
            if (tags != null) {
                wanted.put("tags", Text.object("--tags", tags));
            }
            if (desired != null) {
                wanted.put("properties", Values.of("desired", Text.object("--desired", desired)));
            }
            return wanted.build();
        }
    }

    @Command(name = "query", description = "Print what a query finds, such as: SELECT * FROM devices WHERE tags.hall = 'A'")
    static final class Query extends Order {

        private static final int MOST = 1_000_000;

        @Parameters(index = "0", arity = "0..1", paramLabel = "QUERY", defaultValue = "SELECT * FROM devices", description = "(${DEFAULT-VALUE})")
        private String query;

        @Option(names = "--most", paramLabel = "N", defaultValue = "1000000", description = "At most so many.")
        private int most;

        // As it comes, since there may be very many.
        @Override
        int run(ServiceClient hub) throws Exception {
            if (most < 1 || most > MOST) {
                throw Trouble.usage("--most " + most + " must be of 1 to " + MOST);
            }
            long[] found = {0};
            try (Progress progress = new Progress(screen(), "found", 0)) {
                Leafing.all(hub, query, most, each -> {
                    if (json()) {
                        screen().out().print(found[0] == 0 ? "[" : ",\n");
                        screen().out().print(Text.json(each));
                    } else {
                        screen().say(Text.visible(Text.pretty(each)));
                    }
                    progress.at(++found[0]);
                });
            }
            if (json()) {
                screen().say(found[0] == 0 ? "[]" : "]");
            }
            screen().tell(found[0] + " found");
            return 0;
        }
    }
}
