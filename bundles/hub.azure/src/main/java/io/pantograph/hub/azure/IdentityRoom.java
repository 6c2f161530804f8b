package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The identity registry. */
final class IdentityRoom implements Identities {

    static final int DEVICES = 100_000;
    static final int MODULES = 50;

    private final Database database;
    private final MemberTable memberTable;
    private final TwinTable twinTable;
    private final Members members;
    private final Twins twins;
    private final Views views;
    private final Presence presence;
    private final Telling telling;
    private final Clock clock;
    private final Bulk bulk;

    IdentityRoom(Database database, MemberTable memberTable, TwinTable twinTable, Members members, Twins twins, TwinRoom twinRoom, Views views,
            Presence presence, Telling telling, Clock clock) {
        this.database = database;
        this.memberTable = memberTable;
        this.twinTable = twinTable;
        this.members = members;
        this.twins = twins;
        this.views = views;
        this.presence = presence;
        this.telling = telling;
        this.clock = clock;
        bulk = new Bulk(this, twinRoom);
    }

    @Override
    public Values create(Identity identity, Values wanted) throws AzureException {
        return create(identity, wanted, Values.EMPTY);
    }

    /** @param initial a twin's tags and desired properties, or neither */
    Values create(Identity identity, Values wanted, Values initial) throws AzureException {
        return members.alone(identity.device(), () -> {
            absent(identity);
            long now = clock.millis();
            Member member = MemberDraft.created(identity, wanted, now);
            Twin twin = TwinRoom.fresh(initial, now);
            TwinTable.Row twinRow = twinTable.row(identity, twin, "");
            if (!insert(member, twinRow)) {
                throw identity.module().isPresent()
                        ? new AzureException(AzureError.TooManyModulesOnDevice, "device '" + identity.device() + "' has " + MODULES + " modules, which is the most")
                        : new AzureException(AzureError.TooManyDevices, "the hub has " + DEVICES + " devices, which is the most");
            }
            presence.forget(identity);
            twins.forget(identity);
            MemberTable.Row row = new MemberTable.Row(member, new Presence.Times(0, 0));
            members.remember(row);
            twins.remember(identity, twin.weighing(twinRow.tags().length() + twinRow.desired().length(), twinRow.reported().length()));
            telling.lifecycle(identity, identity.module().isPresent() ? "createModuleIdentity" : "createDeviceIdentity", views.twin(row, twin, ""));
            return views.identity(row);
        });
    }

    private void absent(Identity identity) throws AzureException {
        if (identity.module().isPresent()) {
            members.get(Identity.of(identity.device()));
        }
        if (members.find(identity).isPresent()) {
            throw identity.module().isPresent()
                    ? new AzureException(AzureError.ModuleAlreadyExistsOnDevice, "module '" + identity + "' is registered already")
                    : new AzureException(AzureError.DeviceAlreadyExists, "device '" + identity + "' is registered already");
        }
    }

    /** @return false if there are too many */
    private boolean insert(Member member, TwinTable.Row twin) {
        return database.call(connection -> {
            boolean full = member.identity().module().isPresent()
                    ? memberTable.modules(connection, member.identity().device()).size() >= MODULES
                    : memberTable.count(connection) >= DEVICES;
            if (!full) {
                memberTable.insert(connection, member);
                twinTable.insert(connection, twin);
            }
            return !full;
        });
    }

    @Override
    public Values update(Identity identity, Values wanted, Optional<String> ifMatch) throws AzureException {
        return members.alone(identity.device(), () -> {
            MemberTable.Row old = members.get(identity);
            ETags.check(ifMatch, old.member().etag());
            Member member = MemberDraft.updated(old.member(), wanted, clock.millis());
            MemberTable.Row row = new MemberTable.Row(member, old.times());
            try {
                database.call(connection -> {
                    memberTable.update(connection, member);
                    return null;
                });
            } catch (RuntimeException e) {
                members.forget(identity); // whether it is on disk, the disk knows
                throw e;
            }
            members.remember(row);
            ended(old.member(), member);
            return views.identity(row);
        });
    }

    private void ended(Member old, Member now) {
        Identity identity = now.identity();
        if (old.enabled() && !now.enabled()) {
            for (Identity module : modulesOf(identity)) {
                telling.each(listener -> listener.ended(module, false, "device '" + identity.device() + "' was disabled"));
            }
            telling.each(listener -> listener.ended(identity, false, "'" + identity + "' was disabled"));
        } else if (!old.proof().equals(now.proof())) {
            telling.each(listener -> listener.ended(identity, false, "the keys or certificates of '" + identity + "' were changed"));
        }
    }

    private List<Identity> modulesOf(Identity identity) {
        return identity.module().isPresent()
                ? List.of()
                : database.call(connection -> memberTable.modules(connection, identity.device())).stream().map(row -> row.member().identity()).toList();
    }

    @Override
    public Values document(Identity identity) throws AzureException {
        return views.identity(members.get(identity));
    }

    @Override
    public void delete(Identity identity, Optional<String> ifMatch) throws AzureException {
        members.alone(identity.device(), () -> {
            MemberTable.Row row = members.get(identity);
            ETags.check(ifMatch, row.member().etag());
            Values lastTwin = views.twin(row, twins.get(identity), twins.model(identity));
            List<Identity> all = new ArrayList<>(modulesOf(identity));
            all.add(identity);
            try {
                database.call(connection -> {
                    memberTable.delete(connection, identity);
                    twinTable.delete(connection, identity);
                    return null;
                });
            } finally {
                all.forEach(members::forget);
                all.forEach(twins::forget);
            }
            for (Identity each : all) {
                presence.forget(each);
                telling.each(listener -> listener.ended(each, true, "'" + each + "' was deleted"));
            }
            telling.lifecycle(identity, identity.module().isPresent() ? "deleteModuleIdentity" : "deleteDeviceIdentity", lastTwin);
            return null;
        });
    }

    @Override
    public List<Values> devices(int most) {
        return views.identities(database.call(connection -> memberTable.page(connection, false, Optional.empty(), most)));
    }

    @Override
    public List<Values> modules(String device) throws AzureException {
        members.get(Identity.of(device));
        return views.identities(database.call(connection -> memberTable.modules(connection, device)));
    }

    @Override
    public Values bulk(List<Values> changes) throws AzureException {
        return bulk.all(changes);
    }

    @Override
    public Statistics statistics() {
        long connected = presence.connected();
        return database.call(connection -> {
            long enabled = memberTable.count(connection, true);
            long disabled = memberTable.count(connection, false);
            return new Statistics(enabled + disabled, enabled, disabled, connected);
        });
    }

    @Override
    public Optional<Credential> credential(Identity identity) {
        Optional<Member> found = members.find(identity).map(MemberTable.Row::member);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Member member = found.get();
        boolean enabled = identity.module().isEmpty()
                ? member.enabled()
                : members.find(Identity.of(identity.device())).map(row -> row.member().enabled()).orElse(false);
        return Optional.of(new Credential(identity, enabled, member.proof().kind(), member.proof().keys(), member.proof().thumbprints(),
                member.generation()));
    }

    @Override
    public void seen(Identity identity, boolean connected) {
        presence.seen(identity, connected);
    }

    @Override
    public boolean connected(Identity identity) {
        return presence.connected(identity);
    }
}
