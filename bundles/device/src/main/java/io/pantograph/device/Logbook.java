package io.pantograph.device;

import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.model.Names;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator wants to read in the morning; what repeats itself is written when it begins and then ever more seldom. */
final class Logbook {

    private static final Logger log = LoggerFactory.getLogger("io.pantograph.news");
    private static final int REMEMBERED = 1000;

    private record Trouble(Condition.Kind kind, DeviceId device, String subject, String format) {
    }

    private record Standing(State state, Reason reason, String detail) {
    }

    private final Map<DeviceId, Standing> standings = new HashMap<>();
    private final Map<Trouble, Long> troubles = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Trouble, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    void status(DeviceId device, DeviceStatus status) {
        Standing standing = new Standing(status.state(), status.reason(), status.detail());
        String detail = status.detail().isEmpty() ? "" : ": " + status.detail();
        if (status.state() == State.CONNECTING) {
            log.debug("{} connecting{}", device, detail);
        } else if (standing.equals(standings.put(device, standing))) {
            log.debug("{} {} again{}", device, status.state(), detail);
        } else if (status.state() == State.CONNECTED) {
            log.info("{} connected{}", device, detail);
        } else if (status.state() == State.CLOSED) {
            standings.remove(device);
            log.info("{} closed{}", device, detail);
        } else if (status.reason() == Reason.NONE) {
            log.info("{} waits{}", device, detail);
        } else {
            log.warn("{} not connected, {}{}", device, status.reason(), detail);
        }
    }

    void condition(Condition condition) {
        Trouble trouble = new Trouble(condition.kind(), condition.device(), condition.subject(), condition.format());
        long count = troubles.merge(trouble, 1L, Long::sum);
        if (Milestones.reached(count)) {
            log.warn("{} {} '{}' in {}: {}{}", condition.device(), condition.kind(), Names.visible(condition.subject()),
                    Names.visible(condition.format()), condition.detail(), count == 1 ? "" : " (" + count + " so far)");
        }
    }
}
