package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Credential.Kind;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.azure.Sas;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The enrolments. There are few groups, so they are in memory; individual enrolments may be many. */
final class EnrollmentRoom implements Enrollments {

    static final int GROUPS = 100;
    static final int INDIVIDUALS = 100_000;

    private static final String READY = "default";
    private static final String OF_GROUP = "group "; // what a credential is of, in its generation
    private static final String INDIVIDUAL = "individual";

    private final HubName name;
    private final KeyFile keys;
    private final Database database;
    private final EnrollmentTable table;
    private final Registrar registrar;
    private final Clock clock;
    private volatile Map<String, Values> groups;
    private volatile Authorities authorities;

    EnrollmentRoom(HubName name, KeyFile keys, Database database, EnrollmentTable table, Registrar registrar, Clock clock) {
        this.name = name;
        this.keys = keys;
        this.database = database;
        this.table = table;
        this.registrar = registrar;
        this.clock = clock;
    }

    @Override
    public String scope() {
        return name.scope();
    }

    @Override
    public Optional<Values> document(String id, boolean group) {
        return group ? Optional.ofNullable(groups().get(id)) : database.call(connection -> table.find(connection, id, false));
    }

    @Override
    public List<Values> all(boolean group) {
        return group ? List.copyOf(groups().values()) : database.call(connection -> table.all(connection, false));
    }

    private Map<String, Values> groups() {
        Map<String, Values> known = groups;
        return known != null ? known : load();
    }

    /** With the ready group as the key file has it, which the operator may have edited. */
    private synchronized Map<String, Values> load() {
        if (groups == null) {
            Map<String, Values> found = new TreeMap<>();
            for (Values group : database.call(connection -> table.all(connection, true))) {
                found.put(group.text("enrollmentGroupId"), group);
            }
            Optional<Secret> ready = keys.group();
            if (ready.isPresent() && !ready.equals(primaryKey(found.get(READY)))) {
                found.put(READY, ready(Optional.ofNullable(found.get(READY)), ready.get()));
            } else if (ready.isEmpty() && primaryKey(found.get(READY)).isPresent()) {
                database.call(connection -> {
                    table.delete(connection, READY, true);
                    return null;
                });
                found.remove(READY);
            }
            authorities = new Authorities(found);
            groups = found;
        }
        return groups;
    }

    private Values ready(Optional<Values> old, Secret key) {
        try {
            Values.Builder wanted = Values.builder();
            old.ifPresent(before -> before.forEach(wanted::put));
            wanted.put("attestation", Values.of("type", "symmetricKey", "symmetricKey", Values.of("primaryKey", key.reveal())));
            Values document = new EnrollmentDraft(READY, true, wanted.build(), old).document(clock.millis());
            database.call(connection -> {
                table.keep(connection, READY, true, document);
                return null;
            });
            return document;
        } catch (AzureException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Secret> primaryKey(Values group) {
        return group != null && group.values("attestation").get("symmetricKey") instanceof Values pair
                ? Optional.of(Secret.of(pair.text("primaryKey")))
                : Optional.empty();
    }

    @Override
    public synchronized Values keep(String id, boolean group, Values document, Optional<String> ifMatch) throws AzureException {
        Optional<Values> old = document(id, group);
        if (old.isPresent()) {
            ETags.check(ifMatch, old.get().text("etag"));
        } else if (ifMatch.filter(etag -> !etag.strip().isEmpty() && !etag.contains("*")).isPresent()) {
            throw new AzureException(AzureError.PreconditionFailed, "there is no enrolment '" + Names.visible(id) + "' with that ETag");
        }
        Values kept = new EnrollmentDraft(id, group, document, old).document(clock.millis());
        int most = group ? GROUPS : INDIVIDUALS;
        boolean full = database.call(connection -> {
            if (old.isEmpty() && table.count(connection, group) >= most) {
                return true;
            }
            table.keep(connection, id, group, kept);
            return false;
        });
        if (full) {
            throw new AzureException(AzureError.IotHubQuotaExceeded, "there are " + most + " enrolments of this kind, which is the most");
        }
        if (group) {
            changed(id, Optional.of(kept));
        }
        return kept;
    }

    @Override
    public synchronized void delete(String id, boolean group, Optional<String> ifMatch) throws AzureException {
        Values old = document(id, group).orElseThrow(() -> new AzureException(AzureError.NotFound, "there is no enrolment '" + Names.visible(id) + "'"));
        ETags.check(ifMatch, old.text("etag"));
        if (group && id.equals(READY)) {
            keys.group(Optional.empty()); // first, or a crash now would bring it back
        }
        database.call(connection -> {
            table.delete(connection, id, group);
            if (!group) {
                table.deleteState(connection, id);
            }
            return null;
        });
        if (group) {
            changed(id, Optional.empty());
        }
    }

    private void changed(String id, Optional<Values> kept) {
        Map<String, Values> next = new TreeMap<>(groups());
        kept.ifPresentOrElse(group -> next.put(id, group), () -> next.remove(id));
        authorities = new Authorities(next);
        groups = next;
        if (id.equals(READY)) {
            keys.group(kept.flatMap(EnrollmentRoom::primaryKey));
        }
    }

    @Override
    public List<Credential> credentials(String registrationId) {
        if (!EnrollmentDraft.isId(registrationId)) {
            return List.of();
        }
        Optional<Values> own = document(registrationId, false);
        if (own.isPresent()) {
            return List.of(individual(own.get(), registrationId));
        }
        List<Credential> derived = new ArrayList<>();
        groups().forEach((id, group) -> derived.add(derived(id, group, registrationId)));
        return derived;
    }

    @Override
    public List<X509Certificate> authorities(Optional<Credential> by) {
        groups();
        return by.isEmpty() ? authorities.enabled()
                : by.get().generation().startsWith(OF_GROUP) ? authorities.of(by.get().generation().substring(OF_GROUP.length())) : List.of();
    }

    private static boolean enabled(Values document) {
        return document.text("provisioningStatus").equals("enabled");
    }

    private static Credential individual(Values document, String registrationId) {
        Identity device = Identity.of(document.get("deviceId") instanceof String id ? id : registrationId);
        Values attestation = document.values("attestation");
        return attestation.get("symmetricKey") instanceof Values keys
                ? new Credential(device, enabled(document), Kind.SAS, List.of(Secret.of(keys.text("primaryKey")), Secret.of(keys.text("secondaryKey"))),
                        List.of(), INDIVIDUAL)
                : new Credential(device, enabled(document), Kind.SELF_SIGNED, List.of(),
                        thumbprints(attestation.values("x509").values("clientCertificates")), INDIVIDUAL);
    }

    private static List<String> thumbprints(Values certificates) {
        return Stream.of("primary", "secondary").filter(certificates::containsKey).map(which -> {
            Values info = certificates.values(which).values("info");
            return info.text(info.containsKey("sha256Thumbprint") ? "sha256Thumbprint" : "sha1Thumbprint");
        }).toList();
    }

    private static Credential derived(String id, Values group, String registrationId) {
        Identity device = Identity.of(registrationId);
        return group.values("attestation").get("symmetricKey") instanceof Values keys
                ? new Credential(device, enabled(group), Kind.SAS, Stream.of("primaryKey", "secondaryKey")
                        .map(name -> Sas.derived(Secret.of(keys.text(name)), registrationId)).toList(), List.of(), OF_GROUP + id)
                : new Credential(device, enabled(group), Kind.CERTIFICATE_AUTHORITY, List.of(), List.of(), OF_GROUP + id);
    }

    @Override
    public Values register(String registrationId, Credential by, Optional<Object> payload) throws AzureException {
        Optional<Values> enrolment = by.generation().startsWith(OF_GROUP)
                ? document(by.generation().substring(OF_GROUP.length()), true)
                : document(registrationId, false);
        Values found = enrolment.orElseThrow(() -> new AzureException(AzureError.NotFound, "'" + Names.visible(registrationId) + "' is not enrolled any more"));
        return registrar.register(registrationId, found, enabled(found), by, payload);
    }

    @Override
    public Optional<Values> state(String registrationId) {
        return database.call(connection -> table.state(connection, registrationId));
    }
}
