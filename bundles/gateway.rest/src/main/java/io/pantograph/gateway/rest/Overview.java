package io.pantograph.gateway.rest;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Backlog;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.CodecStatus;
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Parking;
import io.pantograph.api.operator.Pending;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** How codecs do, what waits for one, and what waits for the hub, by those who are here to ask. */
final class Overview {

    private final AtomicReference<CodecBoard> board = new AtomicReference<>();
    private final Set<Parking> parkings = ConcurrentHashMap.newKeySet();
    private final Set<Backlog> backlogs = ConcurrentHashMap.newKeySet();

    void board(CodecBoard one) {
        board.set(one);
    }

    void unboard(CodecBoard one) {
        board.compareAndSet(one, null);
    }

    void add(Parking parking) {
        parkings.add(parking);
    }

    void remove(Parking parking) {
        parkings.remove(parking);
    }

    void add(Backlog backlog) {
        backlogs.add(backlog);
    }

    void remove(Backlog backlog) {
        backlogs.remove(backlog);
    }

    /** @throws Problem if nobody knows */
    Values codecs() throws Problem {
        CodecBoard here = board.get();
        if (here == null) {
            throw new Problem(503, "the room that knows the codecs is not here at this moment; ask again");
        }
        return Values.of("codecs", here.codecs().stream().map(CodecStatus::values).toList());
    }

    Values parked(int most) {
        List<Values> oldest = parkings.stream().flatMap(parking -> parking.parked(most).stream())
                .sorted(Comparator.comparing(Parked::since)).limit(most).map(Parked::values).toList();
        return Values.builder().put("count", parkings.stream().mapToInt(Parking::count).sum())
                .put("decoded", parkings.stream().mapToLong(Parking::decoded).sum())
                .put("dropped", parkings.stream().mapToLong(Parking::dropped).sum())
                .put("parked", oldest).build();
    }

    Values waiting(int most) {
        List<Values> oldest = backlogs.stream().flatMap(backlog -> backlog.pending(most).stream())
                .sorted(Comparator.comparing(Pending::oldest)).limit(most).map(Pending::values).toList();
        return Values.builder().put("count", backlogs.stream().mapToInt(Backlog::count).sum()).put("waiting", oldest).build();
    }
}
