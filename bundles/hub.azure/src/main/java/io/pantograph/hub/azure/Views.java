package io.pantograph.hub.azure;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.function.ToIntFunction;

/** The documents that the service's clients see. */
final class Views {

    private final Presence presence;
    private final Telling telling;

    Views(Presence presence, Telling telling) {
        this.presence = presence;
        this.telling = telling;
    }

    /** REST API 2021-04-12, Device or Module. */
    Values identity(MemberTable.Row row) {
        return identity(row, telling::waiting);
    }

    /** Many, for which the database is asked once. */
    List<Values> identities(List<MemberTable.Row> rows) {
        ToIntFunction<Identity> waiting = telling.waiting();
        return rows.stream().map(row -> identity(row, waiting)).toList();
    }

    private Values identity(MemberTable.Row row, ToIntFunction<Identity> waiting) {
        Member member = row.member();
        Identity identity = member.identity();
        Presence.Times times = presence.times(identity, row.times());
        Values.Builder view = Values.builder();
        identity.module().ifPresent(module -> view.put("moduleId", module));
        if (identity.module().isPresent()) {
            view.put("managedBy", member.managedBy().orElse(null));
        }
        view.put("deviceId", identity.device())
                .put("generationId", member.generation())
                .put("etag", member.etag())
                .put("connectionState", state(identity));
        if (identity.module().isEmpty()) {
            view.put("status", status(member))
                    .put("statusReason", member.statusReason().orElse(null))
                    .put("statusUpdatedTime", Times.text(member.statusUpdated()));
        }
        view.put("connectionStateUpdatedTime", Times.text(times.changed()))
                .put("lastActivityTime", Times.text(times.activity()))
                .put("cloudToDeviceMessageCount", waiting.applyAsInt(identity))
                .put("authentication", authentication(member.proof()));
        if (identity.module().isEmpty()) {
            view.put("capabilities", Values.of("iotEdge", member.edge()));
            member.scope().ifPresent(scope -> view.put("deviceScope", scope));
            view.put("parentScopes", member.parents());
        }
        return view.build();
    }

    private static Values authentication(Proof proof) {
        return Values.of("symmetricKey", Values.of("primaryKey", proof.primary().map(Secret::reveal).orElse(null),
                        "secondaryKey", proof.secondary().map(Secret::reveal).orElse(null)),
                "x509Thumbprint", thumbprints(proof),
                "type", Proof.word(proof.kind()));
    }

    private static Values thumbprints(Proof proof) {
        return Values.of("primaryThumbprint", proof.primaryThumbprint().orElse(null), "secondaryThumbprint", proof.secondaryThumbprint().orElse(null));
    }

    private static String status(Member member) {
        return member.enabled() ? "enabled" : "disabled";
    }

    private String state(Identity identity) {
        return presence.connected(identity) ? "Connected" : "Disconnected";
    }

    /** REST API 2021-04-12, Twin. @param model empty if it told none */
    Values twin(MemberTable.Row row, Twin twin, String model) {
        return twin(row, twin, model, telling::waiting);
    }

    /** For {@link #twin(MemberTable.Row, Twin, String, ToIntFunction)}, of many. */
    ToIntFunction<Identity> waiting() {
        return telling.waiting();
    }

    Values twin(MemberTable.Row row, Twin twin, String model, ToIntFunction<Identity> waiting) {
        Member member = row.member();
        Identity identity = member.identity();
        Values.Builder view = Values.builder().put("deviceId", identity.device());
        identity.module().ifPresent(module -> view.put("moduleId", module));
        view.put("etag", twin.etag())
                .put("deviceEtag", member.etag())
                .put("status", status(member));
        member.statusReason().ifPresent(reason -> view.put("statusReason", reason));
        view.put("statusUpdateTime", Times.text(member.statusUpdated()))
                .put("connectionState", state(identity))
                .put("lastActivityTime", Times.text(presence.times(identity, row.times()).activity()))
                .put("cloudToDeviceMessageCount", waiting.applyAsInt(identity))
                .put("authenticationType", Proof.word(member.proof().kind()))
                .put("x509Thumbprint", thumbprints(member.proof()));
        if (!model.isEmpty()) {
            view.put("modelId", model);
        }
        view.put("version", twin.version())
                .put("tags", twin.tags())
                .put("properties", Values.of("desired", twin.desired().full(true), "reported", twin.reported().full(false)));
        if (identity.module().isEmpty()) {
            view.put("capabilities", Values.of("iotEdge", member.edge()));
            member.scope().ifPresent(scope -> view.put("deviceScope", scope));
            if (!member.parents().isEmpty()) {
                view.put("parentScopes", member.parents());
            }
        }
        return view.build();
    }
}
