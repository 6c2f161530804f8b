package io.pantograph.hub.azure.wire;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** What every connection finds here. */
record House(Keep keep, Line line, Connections connections, Subscriptions subscriptions, Presence presence, TwinTraffic twins,
        Methods methods, Mail mail, Executor threads, ScheduledExecutorService timer, Clock clock) {
}
