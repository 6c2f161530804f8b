package io.pantograph.hub.azure.wire;

import io.pantograph.api.hub.Database;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The room, put together. */
record Entrance(Rules rules, Methods methods, Changes changes, Line line, Connections connections) {

    static Entrance of(Keep keep, Database database, Executor workers, ScheduledExecutorService timer, Clock clock) {
        Line line = new Line();
        Connections connections = new Connections();
        Methods methods = new Methods(keep, connections, workers, timer);
        House house = new House(keep, line, connections, new Subscriptions(database), new Presence(keep, clock),
                new TwinTraffic(keep, connections, clock), methods, new Mail(keep.messages(), connections, line, workers, timer), workers, timer, clock);
        Proofs proofs = new Proofs(keep.access(), keep.enrollments(), clock);
        Rules rules = new Rules(house, new Login(keep.identities(), keep.enrollments(), proofs), new Provisioning(keep, clock, timer));
        return new Entrance(rules, methods, new Changes(house), line, connections);
    }
}
