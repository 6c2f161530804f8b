package io.pantograph.cli;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.Target;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code device create}: one, or many in steps of a hundred. */
@Command(name = "create", description = "Make devices, or a module of one. Their keys are not shown unless asked for.")
final class CreateDevices extends Order {

    private static final int STEP = 100;
    private static final int KEY_BYTES = 32;

    @Parameters(arity = "1..*", paramLabel = "DEVICE", description = "The devices' ids.")
    private List<String> devices;

    @Option(names = {"-m", "--module"}, paramLabel = "MODULE", description = "Make this module of the device.")
    private String module;

    @Option(names = "--disabled", description = "They may not connect yet.")
    private boolean disabled;

    @Option(names = "--x509-thumbprint", paramLabel = "HEX", arity = "1..2",
            description = "They show a certificate with this SHA-1 or SHA-256 thumbprint, or with the second.")
    private List<String> thumbprints;

    @Option(names = "--x509-ca", description = "They show a certificate of an authority that the hub knows.")
    private boolean authority;

    @Option(names = "--connection-string", description = "Print their connection strings. They are secrets.")
    private boolean connectionString;

    @Override
    int run(ServiceClient hub) throws Exception {
        if (authority && thumbprints != null) {
            throw Trouble.usage("--x509-ca and --x509-thumbprint are two ways to log in; say one");
        }
        List<Target> targets = new ArrayList<>();
        for (String device : devices) {
            targets.add(new Target(device, Optional.ofNullable(module)));
        }
        return targets.size() == 1 || module != null ? single(hub, targets) : many(hub, targets);
    }

    private int single(ServiceClient hub, List<Target> targets) throws Exception {
        for (Target target : targets) {
            Values made = Access.await(hub.registry().create(target, wanted(false)));
            told(hub, target, made, true);
        }
        return 0;
    }

    private int many(ServiceClient hub, List<Target> targets) throws Exception {
        int code = 0;
        try (Progress progress = new Progress(screen(), "devices", targets.size())) {
            for (int from = 0; from < targets.size(); from += STEP) {
                List<Target> step = targets.subList(from, Math.min(from + STEP, targets.size()));
                code = Math.max(code, step(hub, step));
                progress.at(from + step.size());
            }
        }
        return code;
    }

    private int step(ServiceClient hub, List<Target> step) throws Exception {
        List<Values> changes = new ArrayList<>();
        Map<String, Values> wanted = new HashMap<>();
        for (Target target : step) {
            Values document = wanted(true);
            wanted.put(target.device(), document);
            Values.Builder change = Values.builder().put("id", target.device()).put("importMode", "create");
            document.forEach(change::put);
            changes.add(change.build());
        }
        Values told = Access.await(hub.registry().bulk(changes));
        Map<String, String> refused = refusals(told);
        for (Target target : step) {
            String why = refused.get(target.device());
            if (why == null) {
                told(hub, target, wanted.get(target.device()), false);
            } else {
                screen().tell(target + ": " + why);
            }
        }
        return refused.isEmpty() ? 0 : Trouble.REFUSED;
    }

    private static Map<String, String> refusals(Values told) {
        Map<String, String> refused = new HashMap<>();
        if (told.get("errors") instanceof List<?> errors) {
            for (Object each : errors) {
                if (each instanceof Values error) {
                    refused.put(Text.member(error, "deviceId"), (Text.member(error, "errorCode") + ' ' + Text.member(error, "errorStatus")).strip());
                }
            }
        }
        return refused;
    }

    private Values wanted(boolean withKeys) {
        Values.Builder wanted = Values.builder();
        if (module == null) {
            wanted.put("status", disabled ? "disabled" : "enabled");
        }
        if (thumbprints != null) {
            wanted.put("authentication", Values.of("type", "selfSigned", "x509Thumbprint",
                    Values.of("primaryThumbprint", thumbprints.get(0), "secondaryThumbprint", thumbprints.get(thumbprints.size() - 1))));
        } else if (authority) {
            wanted.put("authentication", Values.of("type", "certificateAuthority"));
        } else if (withKeys) {
            // One by one the hub makes them; what it makes for many it does not tell.
            wanted.put("authentication", Values.of("type", "sas", "symmetricKey", Values.of("primaryKey", key(), "secondaryKey", key())));
        }
        if (module != null) {
    
        }
        return wanted.build();
    }

    private static String key() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private void told(ServiceClient hub, Target target, Values made, boolean whole) throws Trouble {
        Optional<String> secret = connectionString ? Optional.of(DeviceCommands.ConnectionString.of(hub.host(), target, made, false)) : Optional.empty();
        if (json()) {
            Values.Builder all = Values.builder();
            if (whole) {
                Text.masked(made).forEach(all::put);
            } else {
                all.put("deviceId", target.device());
            }
            secret.ifPresent(text -> all.put("connectionString", text));
            show(all.build());
        } else if (secret.isPresent()) {
            screen().say(secret.get());
        } else {
            screen().say((module == null ? "Device '" : "Module '") + target + "' is made" + (disabled ? ", disabled." : "."));
            if (whole) {
                screen().tell("Its connection string: pantograph device connection-string " + target.device()
                        + (module == null ? "" : " --module " + module));
            }
        }
    }
}
