package io.pantograph.device;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import java.util.concurrent.CompletionStage;

/**
 * A lane as the session sees it: what this profile would not take is refused on its way out. Readings are checked when they are
 * accepted, but one may have been accepted before the device had its configuration, or with another one; a cloud that drops
 * the connection over it would then drop it for ever.
 */
final class CheckedLane implements OutboxLane {

    private final OutboxLane lane;
    private final Profile profile;

    CheckedLane(OutboxLane lane, Profile profile) {
        this.lane = lane;
        this.profile = profile;
    }

    @Override
    public Entry poll() {
        while (true) {
            Entry entry = lane.poll();
            if (entry == null) {
                return null;
            }
            try {
                Reading reading = entry.reading();
                profile.check(reading);
                return entry;
            } catch (DeliveryException e) {
                lane.refuse(entry, e);
            } catch (RuntimeException | LinkageError e) {
                lane.refuse(entry, new DeliveryException(Reason.UNSUPPORTED, "the dialect failed to check it: " + e, e));
            }
        }
    }

    @Override
    public CompletionStage<Void> append(Reading reading) {
        return lane.append(reading);
    }

    @Override
    public void acknowledge(Entry entry) {
        lane.acknowledge(entry);
    }

    @Override
    public void refuse(Entry entry, DeliveryException why) {
        lane.refuse(entry, why);
    }

    @Override
    public void rewind() {
        lane.rewind();
    }

    @Override
    public void whenFilled(Runnable wake) {
        lane.whenFilled(wake);
    }

    @Override
    public int depth() {
        return lane.depth();
    }

    @Override
    public void close() {
        lane.close();
    }
}
