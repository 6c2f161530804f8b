package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.hub.Database;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;

/** The twins, for service and device. */
final class TwinRoom implements TwinStore {

    private static final int AT_ONCE = 250; // so that others have their turn at the database while somebody reads all

    private final Database database;
    private final MemberTable memberTable;
    private final TwinTable twinTable;
    private final Members members;
    private final Twins twins;
    private final Views views;
    private final Telling telling;
    private final Clock clock;

    TwinRoom(Database database, MemberTable memberTable, TwinTable twinTable, Members members, Twins twins, Views views, Telling telling, Clock clock) {
        this.database = database;
        this.memberTable = memberTable;
        this.twinTable = twinTable;
        this.members = members;
        this.twins = twins;
        this.views = views;
        this.telling = telling;
        this.clock = clock;
    }

    @Override
    public Values twin(Identity identity) throws AzureException {
        return members.alone(identity.device(), () -> view(members.get(identity), twins.get(identity)));
    }

    private Values view(MemberTable.Row row, Twin twin) {
        return views.twin(row, twin, twins.model(row.member().identity()));
    }

    @Override
    public Values patch(Identity identity, Values patch, Optional<String> ifMatch) throws AzureException {
        Optional<Values> tags = section(Fields.of(patch), "tags").filter(values -> !values.isEmpty());
        Optional<Values> desired = section(Fields.of(patch).below("properties"), "desired").filter(values -> !values.isEmpty());
        return members.alone(identity.device(), () -> {
            MemberTable.Row row = members.get(identity);
            Twin old = twins.get(identity);
            ETags.check(ifMatch, old.etag());
            Twin next = old;
            if (tags.isPresent()) {
                next = next.withTags(Merge.apply(old.tags(), tags.get()));
            }
            if (desired.isPresent()) {
                next = next.withDesired(old.desired().merged(desired.get(), clock.millis()));
            }
            if (next == old) {
                return view(row, old);
            }
            Twin written = write(identity, next);
            long version = written.desired().version();
            desired.ifPresent(values -> telling.each(listener -> listener.desired(identity, values, version)));
            telling.twinChange(identity, "updateTwin", change(written, tags, desired.map(values -> changed(values, version, true))));
            return view(row, written);
        });
    }

    @Override
    public Values replace(Identity identity, Values twin, Optional<String> ifMatch) throws AzureException {
        Optional<Values> tags = section(Fields.of(twin), "tags");
        Optional<Values> desired = section(Fields.of(twin).below("properties"), "desired");
        return members.alone(identity.device(), () -> {
            MemberTable.Row row = members.get(identity);
            Twin old = twins.get(identity);
            ETags.check(ifMatch, old.etag());
            if (tags.isEmpty() && desired.isEmpty()) {
                return view(row, old);
            }
            Twin next = old;
            if (tags.isPresent()) {
                next = next.withTags(Merge.apply(Values.EMPTY, tags.get()));
            }
            if (desired.isPresent()) {
                next = next.withDesired(old.desired().replaced(desired.get(), clock.millis()));
            }
            Twin written = write(identity, next);
            if (desired.isPresent()) {
                Section now = written.desired();
                Values patch = Merge.difference(old.desired().values(), now.values());
                telling.each(listener -> listener.replaced(identity, patch, now.values(), now.version()));
            }
            telling.twinChange(identity, "replaceTwin", change(written, tags, desired.map(values -> written.desired().full(true))));
            return view(row, written);
        });
    }

    private Twin write(Identity identity, Twin next) throws AzureException {
        sized(next);
        return twins.write(identity, next);
    }

    private static Twin sized(Twin twin) throws AzureException {
        TwinRules.checkSize("tags", twin.tags(), TwinRules.TAGS);
        TwinRules.checkSize("properties.desired", twin.desired().values(), TwinRules.PROPERTIES);
        return twin;
    }

    /** A new one. @param initial with tags and desired properties, or without */
    static Twin fresh(Values initial, long now) throws AzureException {
        Values tags = section(Fields.of(initial), "tags").orElse(Values.EMPTY);
        Values desired = section(Fields.of(initial).below("properties"), "desired").orElse(Values.EMPTY);
        return sized(Twin.fresh(Merge.apply(Values.EMPTY, tags), desired, now));
    }

    /** Without what the service itself put there when it was read; checked. */
    private static Optional<Values> section(Fields document, String name) throws AzureException {
        Optional<Values> sent = document.object(name);
        if (sent.isEmpty()) {
            return sent;
        }
        Values.Builder own = Values.builder();
        sent.get().forEach((key, value) -> {
            if (!key.equals("$version") && !key.equals("$metadata")) {
                own.put(key, value);
            }
        });
        Values section = own.build();
        TwinRules.check(document.at(name), section);
        return Optional.of(section);
    }

    @Override
    public List<Values> all(boolean modules) {
        List<Values> all = new ArrayList<>();
        ToIntFunction<Identity> waiting = views.waiting();
        Identity after = null;
        boolean more = true;
        while (more) {
            Page page = page(modules, Optional.ofNullable(after));
            for (TwinTable.Row row : page.twins) {
                MemberTable.Row member = page.members.get(row.identity());
                if (member != null) {
                    all.add(views.twin(member, twins.twin(row), twins.model(row.identity()), waiting));
                }
                after = row.identity();
            }
            more = page.twins.size() == AT_ONCE;
        }
        return all;
    }

    private record Page(Map<Identity, MemberTable.Row> members, List<TwinTable.Row> twins) {
    }

    private Page page(boolean modules, Optional<Identity> after) {
        return database.call(connection -> {
            Map<Identity, MemberTable.Row> rows = new HashMap<>();
            for (MemberTable.Row row : memberTable.page(connection, modules, after, AT_ONCE)) {
                rows.put(row.member().identity(), row);
            }
            return new Page(rows, twinTable.page(connection, modules, after, AT_ONCE));
        });
    }

    @Override
    public Values read(Identity identity) throws AzureException {
        return members.alone(identity.device(), () -> {
            members.get(identity);
            Twin twin = twins.get(identity);
            return Values.of("desired", twin.desired().bare(), "reported", twin.reported().bare());
        });
    }

    @Override
    public long report(Identity identity, Values patch, OptionalLong ifVersion) throws AzureException {
        TwinRules.check("properties.reported", patch);
        return members.alone(identity.device(), () -> {
            members.get(identity);
            Twin old = twins.get(identity);
            long version = old.reported().version();
            if (ifVersion.isPresent() && ifVersion.getAsLong() != version) {
                throw new AzureException(AzureError.PreconditionFailed, "reported properties are at version " + version + ", not "
                        + ifVersion.getAsLong() + "; read the twin again");
            }
            if (patch.isEmpty()) {
                return version;
            }
            Section next = old.reported().merged(patch, clock.millis());
            TwinRules.checkSize("properties.reported", next.values(), TwinRules.PROPERTIES);
            Twin written = twins.report(identity, old.withReported(next));
            telling.twinChange(identity, "updateTwin", Values.of("version", written.version(),
                    "properties", Values.of("reported", changed(patch, next.version(), false))));
            return next.version();
        });
    }

    @Override
    public void model(Identity identity, Optional<String> modelId) {
        modelId.filter(id -> !id.isEmpty()).ifPresent(id -> twins.model(identity, id));
    }

    /** The part of a section that was written, as events show it. */
    private Values changed(Values patch, long version, boolean versions) {
        Values.Builder changed = Values.builder();
        patch.forEach(changed::put);
        return changed.put("$metadata", Stamp.leaf(0, version).merged(patch, clock.millis(), version).metadata(versions)).put("$version", version).build();
    }

    private static Values change(Twin twin, Optional<Values> tags, Optional<Values> desired) {
        Values.Builder change = Values.builder().put("version", twin.version());
        tags.ifPresent(values -> change.put("tags", values));
        desired.ifPresent(values -> change.put("properties", Values.of("desired", values)));
        return change.build();
    }
}
