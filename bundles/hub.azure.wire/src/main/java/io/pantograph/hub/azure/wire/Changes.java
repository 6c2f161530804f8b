package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureListener;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Values;

/** What was changed elsewhere and concerns who is connected. */
final class Changes implements AzureListener {

    private final House house;

    Changes(House house) {
        this.house = house;
    }

    @Override
    public void desired(Identity identity, Values patch, long version) {
        house.twins().desired(identity, patch, version);
    }

    @Override
    public void waiting(Identity identity) {
        house.mail().wake(identity);
    }

    /** What a device loses its modules lose too. */
    @Override
    public void ended(Identity identity, boolean deleted, String reason) {
        if (deleted) {
            house.subscriptions().forget(identity);
        }
        house.connections().of(identity).ifPresent(connection -> connection.drop(reason));
        if (deleted && identity.module().isEmpty()) {
            for (Connection connection : house.connections().all()) {
                if (connection.identity().device().equals(identity.device())) {
                    connection.drop(reason);
                }
            }
        }
    }
}
