package io.pantograph.samples.demo;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.listener.HubListener;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.listener.HubPresence;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import java.util.ArrayDeque;
import java.util.Deque;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * One line for every event and command: time, device, direction, name, format, decoded data. What cannot be decoded is
 * listed with its bytes and kept, the newest 100; when a codec for it comes, it is shown again, decoded.
 */
@Component
public final class Screen implements HubListener {

    private static final int KEPT = 100;

    private final Codecs codecs;
    private final Paper paper;
    private final Deque<HubMessage> kept = new ArrayDeque<>();
    private long generation = -1;

    @Activate
    public Screen(@Reference Codecs codecs) {
        this(codecs, new Paper(System.out));
    }

    Screen(Codecs codecs, Paper paper) {
        this.codecs = codecs;
        this.paper = paper;
    }

    @Override
    public synchronized void message(HubMessage message) {
        showKept();
        show(message, "");
    }

    @Override
    public void presence(HubPresence presence) {
        if (presence.kind() == HubPresence.Kind.REFUSED) {
            paper.line(presence.time(), presence.clientId(), "refused", presence.reason());
        }
    }

    private void showKept() {
        if (generation == codecs.generation()) {
            return;
        }
        generation = codecs.generation();
        for (int left = kept.size(); left > 0; left--) {
            HubMessage message = kept.poll();
            if (codecs.route(message.format()).ready()) {
                show(message, "  (kept, decoded now)");
            } else {
                kept.add(message);
            }
        }
    }

    private void show(HubMessage message, String note) {
        paper.line(message.time(), message.device().toString(),
                "%s %-10s %-9s".formatted(message.direction() == Direction.EVENT ? "-> event  " : "<- command",
                        message.name(), message.format()),
                data(message) + note);
    }

    private String data(HubMessage message) {
        try {
            return text(codecs.route(message.format()).decode(message.payload()));
        } catch (NoCodecException e) {
            kept.add(message);
            if (kept.size() > KEPT) {
                kept.remove();
            }
            return "undecodable, no codec for '" + message.format() + "'; " + Paper.bytes(message.payload());
        } catch (CodecException | IllegalArgumentException e) {
            return "undecodable, " + Names.visible(e.getMessage()) + "; " + Paper.bytes(message.payload());
        }
    }

    private String text(Content content) {
        String data;
        try {
            data = codecs.route("json").encode(Content.of(content.data())).text();
        } catch (CodecException e) {
            data = String.valueOf(content.data());
        }
        return content.time().map(time -> "at " + time + "  ").orElse("") + Paper.printable(data);
    }
}
