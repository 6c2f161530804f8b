package io.pantograph.command;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.DeviceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Which commands are in work and which were answered lately, so that one which the hub repeats is not done again. What was never
 * begun, such as for want of a handler, is not remembered: a repeat is a new try.
 */
final class Memories {

    /** Of one device. */
    static final int LAST = 200;
    static final Duration KEPT = Duration.ofMinutes(10);

    /**
     * @param content some clouds use their ids again after a reconnect; what is a repeat says the same
     * @param answered null while it is in work
     */
    private record Known(String name, int content, CompletableFuture<CommandResult> answer, Instant answered) {

        static Known of(Call call, Instant answered) {
            Command command = call.command;
            return new Known(command.name(), Objects.hash(command.format(), command.content().data(), command.properties()), call.answer, answered);
        }

        boolean repeats(Known earlier) {
            return name.equals(earlier.name) && content == earlier.content;
        }
    }

    /** One device's; guarded by its place in the map. */
    private static final class Memory {

        final Map<String, Known> inWork = new HashMap<>();
        /** The oldest first. */
        final Map<String, Known> answered = new LinkedHashMap<>();

        /** @return when nothing of it is worth remembering any more; null if nothing is now */
        Instant forget(Instant now) {
            Instant last = null;
            for (Iterator<Known> all = answered.values().iterator(); all.hasNext();) {
                Known one = all.next();
                if (answered.size() > LAST || !one.answered().plus(KEPT).isAfter(now)) {
                    all.remove();
                } else {
                    last = one.answered().plus(KEPT);
                }
            }
            return last;
        }
    }

    private final Map<DeviceId, Memory> memories = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Consumer<Instant> watch;

    /** @param watch told when {@link #expire} is to be called */
    Memories(Clock clock, Consumer<Instant> watch) {
        this.clock = clock;
        this.watch = watch;
    }

    /** The answer, there or to come, if this is a repeat; null if it is new, and in work from now on. */
    CompletableFuture<CommandResult> claim(Call call) {
        Known asked = Known.of(call, null);
        String id = call.command.id();
        Known[] earlier = {null};
        Instant now = clock.instant();
        memories.compute(call.command.device(), (device, there) -> {
            Memory memory = there != null ? there : new Memory();
            Known known = memory.inWork.getOrDefault(id, memory.answered.get(id));
            if (known != null && asked.repeats(known) && (known.answered() == null || known.answered().plus(KEPT).isAfter(now))) {
                earlier[0] = known;
            } else {
                memory.inWork.put(id, asked);
            }
            return memory;
        });
        if (earlier[0] != null) {
            return earlier[0].answer();
        }
        call.answer.thenRun(() -> answered(call));
        return null;
    }

    private void answered(Call call) {
        String id = call.command.id();
        Instant now = clock.instant();
        memories.computeIfPresent(call.command.device(), (device, memory) -> {
            memory.inWork.computeIfPresent(id, (same, known) -> known.answer() == call.answer ? null : known);
            if (call.begun) {
                memory.answered.remove(id); // its place is at the end
                memory.answered.put(id, Known.of(call, now));
            }
            if (memory.answered.size() > LAST) {
                memory.forget(now);
            }
            return memory.inWork.isEmpty() && memory.answered.isEmpty() ? null : memory;
        });
        if (call.begun) {
            watch.accept(now.plus(KEPT));
        }
    }

    /** Forgets what is old. @return when to do so next; null if there is nothing */
    Instant expire(Instant now) {
        Instant[] next = {null};
        for (DeviceId device : memories.keySet()) {
            memories.computeIfPresent(device, (id, memory) -> {
                Instant last = memory.forget(now);
                if (last != null) {
                    next[0] = Lane.earlier(next[0], last);
                }
                return memory.inWork.isEmpty() && memory.answered.isEmpty() ? null : memory;
            });
        }
        return next[0];
    }

    /** Of how many devices anything is remembered. */
    int count() {
        return memories.size();
    }
}
