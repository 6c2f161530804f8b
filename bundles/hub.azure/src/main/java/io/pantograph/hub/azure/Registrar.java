package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Database;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.util.Optional;

/** Assigns devices to the one hub there is. */
final class Registrar {

    private final String host;
    private final Database database;
    private final EnrollmentTable table;
    private final Members members;
    private final IdentityRoom identities;
    private final TwinRoom twins;
    private final Json json;
    private final Clock clock;

    Registrar(String host, Database database, EnrollmentTable table, Members members, IdentityRoom identities, TwinRoom twins, Json json, Clock clock) {
        this.host = host;
        this.database = database;
        this.table = table;
        this.members = members;
        this.identities = identities;
        this.twins = twins;
        this.json = json;
        this.clock = clock;
    }

    /** @return the registration state */
    Values register(String registrationId, Values enrolment, boolean enabled, Credential by, Optional<Object> payload) throws AzureException {
        Identity device = by.identity();
        return members.alone(device.device(), () -> {
            Optional<Values> before = database.call(connection -> table.state(connection, registrationId));
            String now = Times.text(clock.millis());
            Values.Builder state = Values.builder().put("registrationId", registrationId)
                    .put("createdDateTimeUtc", before.map(old -> old.text("createdDateTimeUtc")).orElse(now));
            if (enabled) {
                assign(device, enrolment, by);
                payload.flatMap(this::model).ifPresent(model -> twins.model(device, Optional.of(model)));
                state.put("assignedHub", host).put("deviceId", device.device()).put("status", "assigned")
                        .put("substatus", before.filter(old -> old.containsKey("assignedHub")).isPresent() ? "reprovisionedToInitialAssignment" : "initialAssignment");
            } else {
                state.put("status", "disabled");
            }
            Values kept = state.put("lastUpdatedDateTimeUtc", now).put("etag", ETags.ofIdentity(Keys.number())).build();
            database.call(connection -> {
                table.keepState(connection, registrationId, kept);
                return null;
            });
            return kept;
        });
    }

    /** A device that is there keeps its twin; its proof becomes the one by which it has registered. */
    private void assign(Identity device, Values enrolment, Credential by) throws AzureException {
        Optional<Member> there = members.find(device).map(MemberTable.Row::member);
        Proof proof = Proof.of(by);
        if (there.isEmpty()) {
            Values twin = enrolment.get("initialTwin") instanceof Values initial ? initial : Values.EMPTY;
            identities.create(device, Values.of("authentication", authentication(proof), "capabilities", enrolment.get("capabilities")), twin);
        } else if (!there.get().proof().equals(proof)) {
            identities.update(device, Values.of("authentication", authentication(proof)), Optional.empty());
        }
    }

    private static Values authentication(Proof proof) {
        return Values.of("type", Proof.word(proof.kind()),
                "symmetricKey", Values.of("primaryKey", proof.primary().map(Secret::reveal).orElse(null),
                        "secondaryKey", proof.secondary().map(Secret::reveal).orElse(null)),
                "x509Thumbprint", Values.of("primaryThumbprint", proof.primaryThumbprint().orElse(null),
                        "secondaryThumbprint", proof.secondaryThumbprint().orElse(null)));
    }

    /** The model id in what the device said; the Java client says JSON in a text. */
    private Optional<String> model(Object payload) {
        Object said = payload;
        if (payload instanceof String text && text.startsWith("{")) {
            try {
                said = json.read(Bytes.utf8(text));
            } catch (CodecException e) {
                return Optional.empty(); // what it says is its own affair
            }
        }
        return said instanceof Values values && values.get("modelId") instanceof String model && !model.isEmpty() && model.length() <= 2048
                ? Optional.of(model)
                : Optional.empty();
    }
}
