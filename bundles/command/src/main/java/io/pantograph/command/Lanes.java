package io.pantograph.command;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.DeviceId;
import io.pantograph.handlers.Handlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/** A lane for each device that has something to do. */
final class Lanes {

    private final Map<DeviceId, Lane> lanes = new ConcurrentHashMap<>();
    private final Handlers<CommandHandler> handlers;
    private final Outcomes outcomes;
    private final ExecutorService workers;
    private final Deadlines deadlines;
    private final Memories memories;
    private final Clock clock;
    private final int most;
    private volatile boolean closed;

    /** @param most how many commands of one device may wait */
    Lanes(Handlers<CommandHandler> handlers, Outcomes outcomes, ExecutorService workers, ScheduledExecutorService timer, Clock clock, int most) {
        this.handlers = handlers;
        this.outcomes = outcomes;
        this.workers = workers;
        this.most = most;
        this.clock = clock;
        deadlines = new Deadlines(timer, clock, this::expire);
        memories = new Memories(clock, deadlines::watch);
    }

    CompletionStage<CommandResult> dispatch(Command command) {
        return dispatch(new Call(command, command.deadline()));
    }

    CompletionStage<CommandResult> dispatch(Command command, Duration handlerPatience) {
        Instant now = clock.instant();
        boolean longer = handlerPatience.compareTo(Duration.between(now, command.deadline())) >= 0;
        return dispatch(new Call(command, longer ? command.deadline() : now.plus(handlerPatience)));
    }

    private CompletionStage<CommandResult> dispatch(Call call) {
        Command command = call.command;
        if (closed) {
            call.answer(Lane.STOPPING);
            return call.answer;
        }
        CompletableFuture<CommandResult> known = memories.claim(call);
        if (known != null) {
            return known;
        }
        boolean[] taken = {false};
        Lane lane = lanes.compute(command.device(), (device, there) -> {
            Lane here = there != null ? there : new Lane(handlers, outcomes, workers, () -> drop(device), deadlines::watch);
            if (here.waiting() < most) {
                here.add(call);
                taken[0] = true;
            }
            return here;
        });
        if (!taken[0]) {
            outcomes.overflow(call, most);
            return call.answer;
        }
        // Only now, when handlersChanged() can see the lane: else a handler that comes in between would be missed.
        lane.next();
        deadlines.watch(call.handlerEnd);
        return call.answer;
    }

    private void drop(DeviceId device) {
        lanes.computeIfPresent(device, (id, lane) -> lane.isIdle() ? null : lane);
    }

    void handlersChanged() {
        lanes.values().forEach(Lane::handlersChanged);
    }

    private Instant expire(Instant now) {
        Instant earliest = memories.expire(now);
        for (Lane lane : lanes.values()) {
            earliest = Lane.earlier(earliest, lane.expire(now));
        }
        return earliest;
    }

    int count() {
        return lanes.size();
    }

    /** Of how many devices answers are remembered. */
    int remembered() {
        return memories.count();
    }

    void close() {
        closed = true;
        lanes.values().forEach(Lane::close);
    }
}
