package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential.Kind;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.azure.Sas;
import java.util.List;
import java.util.Optional;

/** Makes a member of the document that a client sent. What it does not tell stays as it is; keys that are not there at all are made. */
final class MemberDraft {

    private static final List<String> TYPES = List.of("sas", "selfSigned", "certificateAuthority", "none");

    private final Identity identity;
    private final Fields wanted;
    private final Optional<Member> old;

    private MemberDraft(Identity identity, Fields wanted, Optional<Member> old) {
        this.identity = identity;
        this.wanted = wanted;
        this.old = old;
    }

    /** @param now in milliseconds */
    static Member created(Identity identity, Values wanted, long now) throws AzureException {
        return new MemberDraft(identity, Fields.of(wanted), Optional.empty()).member(now);
    }

    static Member updated(Member old, Values wanted, long now) throws AzureException {
        return new MemberDraft(old.identity(), Fields.of(wanted), Optional.of(old)).member(now);
    }

    private Member member(long now) throws AzureException {
        same("deviceId", identity.device());
        same("moduleId", identity.module().orElse(""));
        boolean enabled = wanted.word("status", List.of("enabled", "disabled")).map("enabled"::equals)
                .orElse(old.map(Member::enabled).orElse(true));
        boolean changed = old.isPresent() && old.get().enabled() != enabled;
        Optional<Boolean> edge = wanted.below("capabilities").flag("iotEdge");
        return new Member(identity,
                old.map(Member::generation).orElseGet(() -> Long.toString(Keys.number())),
                old.map(member -> member.tag() + 1).orElseGet(Keys::number),
                enabled,
                wanted.text("statusReason", 128).or(() -> changed || old.isEmpty() ? Optional.empty() : old.get().statusReason()),
                changed ? now : old.map(Member::statusUpdated).orElse(0L),
                proof(),
                edge.orElse(old.map(Member::edge).orElse(false)),
                wanted.filled("deviceScope").or(() -> old.flatMap(Member::scope)).or(() -> edge.orElse(false) ? Optional.of(edgeScope(now)) : Optional.empty()),
                parents(),
                wanted.text("managedBy", 128).or(() -> old.flatMap(Member::managedBy)));
    }

    private void same(String name, String id) throws AzureException {
        Optional<String> told = wanted.filled(name);
        if (told.isPresent() && !told.get().equals(id)) {
            throw Fields.invalid(name + " is '" + Names.visible(told.get()) + "', but the request is for '" + identity + "'");
        }
    }

    private String edgeScope(long now) {
        return "ms-azure-iot-edge://" + identity.device() + '-' + now;
    }

    private List<String> parents() throws AzureException {
        List<String> parents = wanted.texts("parentScopes").orElse(old.map(Member::parents).orElse(List.of()));
        if (parents.size() > 10 || parents.stream().anyMatch(scope -> scope.length() > 512)) {
            throw Fields.invalid("parentScopes are at most 10, of at most 512 characters");
        }
        return parents;
    }

    private Proof proof() throws AzureException {
        Fields authentication = wanted.below("authentication");
        Fields thumbprints = authentication.below("x509Thumbprint");
        Fields keys = authentication.below("symmetricKey");
        Optional<String> first = thumbprint(thumbprints, "primaryThumbprint");
        Optional<String> second = thumbprint(thumbprints, "secondaryThumbprint");
        Optional<Kind> told = authentication.word("type", TYPES).map(Proof::kind);
        Kind kind = told.orElseGet(() -> first.isPresent() || second.isPresent() ? Kind.SELF_SIGNED : old.map(Member::proof).map(Proof::kind).orElse(Kind.SAS));
        Optional<Proof> before = old.map(Member::proof).filter(proof -> proof.kind() == kind);
        return switch (kind) {
            case SAS -> Proof.keys(key(keys, "primaryKey").or(() -> before.flatMap(Proof::primary)).orElseGet(Keys::random),
                    key(keys, "secondaryKey").or(() -> before.flatMap(Proof::secondary)).orElseGet(Keys::random));
            case SELF_SIGNED -> {
                if (first.isEmpty() && second.isEmpty() && before.isEmpty()) {
                    throw Fields.invalid(thumbprints.at("primaryThumbprint") + " is missing");
                }
                yield first.isEmpty() && second.isEmpty() ? before.get() : Proof.thumbprints(first, second);
            }
            case CERTIFICATE_AUTHORITY, NONE -> Proof.of(kind);
        };
    }

    private static Optional<Secret> key(Fields keys, String name) throws AzureException {
        Optional<String> key = keys.filled(name);
        if (key.isPresent() && !Sas.isKey(key.get())) {
            throw Fields.invalid(keys.at(name) + " must be 16 to 64 bytes in base64");
        }
        return key.map(Secret::of);
    }

    private static Optional<String> thumbprint(Fields thumbprints, String name) throws AzureException {
        Optional<String> text = thumbprints.filled(name);
        Optional<String> thumbprint = text.flatMap(Proof::thumbprint);
        if (text.isPresent() && thumbprint.isEmpty()) {
            throw Fields.invalid(thumbprints.at(name) + " must be 40 or 64 hexadecimal digits");
        }
        return thumbprint;
    }
}
