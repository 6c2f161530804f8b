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
    /** A hub that makes up ever new names must not fill the log with them. */
    private static final int SINGLY = 20;

    /** With subject and format; or without, for all of this kind and device. */
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
        String detail = status.detail().isEmpty() ? "" : ": " + oneLine(status.detail());
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
        long all = troubles.merge(new Trouble(condition.kind(), condition.device(), "", ""), 1L, Long::sum);
        Trouble trouble = new Trouble(condition.kind(), condition.device(), condition.subject(), condition.format());
        long count = all <= SINGLY ? troubles.merge(trouble, 1L, Long::sum) : all;
        if (Milestones.reached(count)) {
            log.warn("{} {} '{}' in {}: {}{}", condition.device(), condition.kind(), Names.visible(condition.subject()),
                    Names.visible(condition.format()), oneLine(condition.detail()), count == 1 ? "" : " (" + count + " so far)");
        }
    }

    /** Others' words may be in it; they must not begin a log line of their own. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, ' ');
            }
        }
        return line.toString();
    }
}
