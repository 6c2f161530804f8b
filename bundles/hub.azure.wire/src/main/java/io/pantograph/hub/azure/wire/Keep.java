package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.hub.Json;

/** What the hub keeps, and how it is written. */
record Keep(Identities identities, TwinStore twins, CloudMessages messages, EventLog events, Enrollments enrollments, ServiceAccess access,
        Json json) {
}
