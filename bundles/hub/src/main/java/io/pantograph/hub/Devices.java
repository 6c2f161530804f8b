package io.pantograph.hub;

import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The registry: device types, devices and the hub's own documents, in the database. */
final class Devices implements Registry {

    private final Store store;
    private final Clock clock;
    private final Documents documents;
    private final TypeTable types;
    private final DeviceTable devices;
    private final Tokens tokens;
    private final List<Consumer<DeviceId>> whenDeleted = new CopyOnWriteArrayList<>();

    Devices(Store store, Json json, Tokens tokens, Clock clock) {
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
        documents = new Documents(json);
        types = new TypeTable(documents);
        devices = new DeviceTable(documents);
    }

    Tokens tokens() {
        return tokens;
    }

    /** Who is told of a deleted device, on the deleting thread. */
    void whenDeleted(Consumer<DeviceId> listener) {
        whenDeleted.add(listener);
    }

    Optional<DeviceTable.Credential> credential(DeviceId device) {
        return store.call(connection -> devices.credential(connection, device));
    }

    @Override
    public Optional<DeviceType> type(String id) {
        return store.call(connection -> types.find(connection, id));
    }

    @Override
    public Page<DeviceType> types(int limit, Optional<String> from) {
        Pages.checked(limit);
        return store.call(connection -> types.page(connection, limit, from));
    }

    @Override
    public Optional<DeviceType> createType(String id, boolean gateway, Values attributes) {
        new DeviceId(id, "-"); // refuses an id that no device could have as its type
        DeviceType type = new DeviceType(id, gateway, attributes, now(), now());
        return store.call(connection -> {
            if (types.find(connection, id).isPresent()) {
                return Optional.empty();
            }
            types.insert(connection, type);
            return Optional.of(type);
        });
    }

    @Override
    public Optional<DeviceType> updateType(String id, UnaryOperator<Values> change) {
        return store.call(connection -> {
            Optional<DeviceType> changed = types.find(connection, id)
                    .map(old -> new DeviceType(id, old.gateway(), change.apply(old.attributes()), old.created(), now()));
            if (changed.isPresent()) {
                types.update(connection, changed.get());
            }
            return changed;
        });
    }

    @Override
    public boolean deleteType(String id) {
        return store.call(connection -> {
            if (devices.anyOfType(connection, id)) {
                throw new IllegalStateException("device type '" + id + "' still has devices; delete them first");
            }
            return types.delete(connection, id);
        });
    }

    @Override
    public Optional<Registered> device(DeviceId device) {
        return store.call(connection -> devices.find(connection, device));
    }

    @Override
    public Page<Registered> devices(Optional<String> type, int limit, Optional<String> from) {
        Pages.checked(limit);
        Optional<DeviceId> after = from.map(Devices::parse);
        return store.call(connection -> devices.page(connection, type, limit, after));
    }

    private static DeviceId parse(String bookmark) {
        int slash = bookmark.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + io.pantograph.api.model.Names.visible(bookmark) + "' is no bookmark of this hub");
        }
        return new DeviceId(bookmark.substring(0, slash), bookmark.substring(slash + 1));
    }

    @Override
    public List<Registered> behind(DeviceId gateway) {
        return store.call(connection -> devices.behind(connection, gateway));
    }

    @Override
    public Optional<Created> createDevice(DeviceId device, Optional<Secret> token, Values attributes, Optional<DeviceId> behind,
            String registeredBy) {
        Draft draft = draft(new NewDevice(device, token, attributes, behind), registeredBy);
        return store.call(connection -> {
            if (types.find(connection, device.type()).isEmpty()) {
                throw new IllegalStateException("device type '" + device.type() + "' is not registered; create it first");
            }
            return create(connection, draft);
        });
    }

    @Override
    public List<Optional<Created>> createDevices(List<NewDevice> wanted, String registeredBy) {
        List<Draft> drafts = wanted.stream().map(each -> draft(each, registeredBy)).toList();
        return store.call(connection -> {
            List<Optional<Created>> made = new ArrayList<>();
            for (Draft draft : drafts) {
                made.add(create(connection, draft));
            }
            return made;
        });
    }

    /** What can be done before it is the database's turn: hashing is slow on purpose. */
    private record Draft(NewDevice wanted, Secret token, String hash, String registeredBy) {
    }

    private Draft draft(NewDevice wanted, String registeredBy) {
        Secret token = wanted.token().orElseGet(tokens::random);
        return new Draft(wanted, token, tokens.hash(token, wanted.token().isPresent()), registeredBy);
    }

    private Optional<Created> create(Connection connection, Draft draft) throws SQLException {
        NewDevice wanted = draft.wanted;
        Optional<DeviceType> type = types.find(connection, wanted.device().type());
        if (type.isEmpty() || devices.find(connection, wanted.device()).isPresent()) {
            return Optional.empty();
        }
        Registered made = new Registered(wanted.device(), type.get().gateway(), wanted.attributes(), wanted.behind(), draft.registeredBy, now(), now());
        devices.insert(connection, made, draft.hash);
        return Optional.of(new Created(made, draft.token));
    }

    @Override
    public Optional<Registered> updateDevice(DeviceId device, UnaryOperator<Values> change) {
        return store.call(connection -> updateDevice(connection, device, change));
    }

    @Override
    public Optional<Registered> updateDevice(Connection work, DeviceId device, UnaryOperator<Values> change) throws SQLException {
        Optional<Registered> changed = devices.find(work, device)
                .map(old -> new Registered(device, old.gateway(), change.apply(old.attributes()), old.behind(), old.registeredBy(),
                        old.created(), now()));
        if (changed.isPresent()) {
            devices.update(work, changed.get());
        }
        return changed;
    }

    @Override
    public boolean deleteDevice(DeviceId device) {
        return deleteDevices(List.of(device)).get(0);
    }

    @Override
    public List<Boolean> deleteDevices(List<DeviceId> unwanted) {
        List<Boolean> deleted = store.call(connection -> {
            List<Boolean> each = new ArrayList<>();
            for (DeviceId device : unwanted) {
                each.add(devices.delete(connection, device));
            }
            return each;
        });
        for (int i = 0; i < deleted.size(); i++) {
            if (deleted.get(i)) {
                DeviceId device = unwanted.get(i);
                whenDeleted.forEach(listener -> listener.accept(device));
            }
        }
        return deleted;
    }

    @Override
    public Optional<Values> document(String name) {
        return store.call(connection -> documents.find(connection, name));
    }

    @Override
    public void keep(String name, Values document) {
        store.call(connection -> {
            documents.keep(connection, name, document);
            return null;
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS); // as fine as it is stored
    }
}
