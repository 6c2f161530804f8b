package io.pantograph.api.hub;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The hub's identities. Every change is on disk when the call returns. Calls may wait for the disk; from any thread.
 *
 * <p>Attributes are an open document in the cloud's own words (Watson's {@code deviceInfo}, {@code metadata} and so on), which the
 * registry keeps and gives back.
 */
@ProviderType
public interface Registry {

    /** @param gateway devices of this type may act for others */
    record DeviceType(String id, boolean gateway, Values attributes, java.time.Instant created, java.time.Instant updated) {
    }

    /** @param behind the gateway that registered it or speaks for it */
    record Registered(DeviceId device, boolean gateway, Values attributes, Optional<DeviceId> behind, String registeredBy,
            java.time.Instant created, java.time.Instant updated) {
    }

    /** A device just made and its token, which is not told again. */
    record Created(Registered device, Secret token) {
    }

    /** A device to be made. @param token its token; a random one if empty @param behind the gateway that speaks for it */
    record NewDevice(DeviceId device, Optional<Secret> token, Values attributes, Optional<DeviceId> behind) {
    }

    /** One page of a listing. @param next where the next page begins; empty after the last */
    record Page<T>(List<T> items, long total, Optional<String> next) {
    }

    Optional<DeviceType> type(String id);

    /** In the order of their ids. @param from where a page before said the next begins */
    Page<DeviceType> types(int limit, Optional<String> from);

    /** @return empty if it is there already */
    Optional<DeviceType> createType(String id, boolean gateway, Values attributes);

    /**
     * Replaces the attributes.
     *
     * @param change what to make of those it has; called at most once, and nobody else changes them meanwhile
     * @return empty if there is no such type
     */
    Optional<DeviceType> updateType(String id, UnaryOperator<Values> change);

    /** @return false if there is none. @throws IllegalStateException if it still has devices */
    boolean deleteType(String id);

    Optional<Registered> device(DeviceId device);

    /** In the order of type and name. @param type only of this one */
    Page<Registered> devices(Optional<String> type, int limit, Optional<String> from);

    List<Registered> behind(DeviceId gateway);

    /**
     * @param token its token; a random one if empty
     * @return empty if it is there already
     * @throws IllegalStateException if its type is not registered
     */
    Optional<Created> createDevice(DeviceId device, Optional<Secret> token, Values attributes, Optional<DeviceId> behind, String registeredBy);

    /** Many in one step. @return one for each, in order; empty if it is there already or its type is not registered */
    List<Optional<Created>> createDevices(List<NewDevice> devices, String registeredBy);

    /**
     * Replaces the attributes.
     *
     * @param change what to make of those it has; called at most once, and nobody else changes them meanwhile
     * @return empty if there is no such device
     */
    Optional<Registered> updateDevice(DeviceId device, UnaryOperator<Values> change);

    /**
     * As {@link #updateDevice(DeviceId, UnaryOperator)}, within a piece of work of the {@link Database}: both are done or neither.
     *
     * @param work the connection that the work was given
     */
    Optional<Registered> updateDevice(java.sql.Connection work, DeviceId device, UnaryOperator<Values> change) throws java.sql.SQLException;

    /** Deletes it with all that is kept of it, and ends its connection. @return false if there is none */
    boolean deleteDevice(DeviceId device);

    /** Many in one step. @return one for each, in order: false if there was none */
    List<Boolean> deleteDevices(List<DeviceId> devices);

    /** A document kept under this name, for the hub's own settings. */
    Optional<Values> document(String name);

    void keep(String name, Values document);
}
