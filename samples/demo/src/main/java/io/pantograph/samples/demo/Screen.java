package io.pantograph.samples.demo;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.listener.HubListener;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.listener.HubPresence;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final int KEPT = 100;
    private static final int WIDTH = 400;

    private final Codecs codecs;
    private final PrintStream out;
    private final Deque<HubMessage> kept = new ArrayDeque<>();
    private long generation = -1;

    @Activate
    public Screen(@Reference Codecs codecs) {
        this(codecs, System.out);
    }

    Screen(Codecs codecs, PrintStream out) {
        this.codecs = codecs;
        this.out = out;
    }

    @Override
    public synchronized void message(HubMessage message) {
        showKept();
        show(message, "");
    }

    @Override
    public void presence(HubPresence presence) {
        if (presence.kind() == HubPresence.Kind.REFUSED) {
            line(presence.time(), presence.clientId(), "refused", presence.reason());
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
        line(message.time(), message.device().toString(),
                "%s %-10s %-9s".formatted(message.direction() == Direction.EVENT ? "-> event  " : "<- command",
                        message.name(), message.format()),
                data(message) + note);
    }

    private void line(Instant time, String who, String what, String data) {
        out.println("%s  %-14s %s %s".formatted(TIME.format(time), Names.visible(who), what, data));
    }

    private String data(HubMessage message) {
        try {
            return text(codecs.route(message.format()).decode(message.payload()));
        } catch (NoCodecException e) {
            kept.add(message);
            if (kept.size() > KEPT) {
                kept.remove();
            }
            return "undecodable, no codec for '" + message.format() + "'; " + bytes(message.payload());
        } catch (CodecException | IllegalArgumentException e) {
            return "undecodable, " + Names.visible(e.getMessage()) + "; " + bytes(message.payload());
        }
    }

    private String text(Content content) {
        String data;
        try {
            data = codecs.route("json").encode(Content.of(content.data())).text();
        } catch (CodecException e) {
            data = String.valueOf(content.data());
        }
        data = printable(data);
        return content.time().map(time -> "at " + time + "  ").orElse("") + (data.length() > WIDTH ? data.substring(0, WIDTH) + "..." : data);
    }

    /** Device data is foreign text: it must not move the cursor or colour the operator's screen. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '.' : c));
        return out.toString();
    }

    private static String bytes(Bytes payload) {
        StringBuilder hex = new StringBuilder(payload + " kept:");
        for (int i = 0; i < Math.min(24, payload.length()); i++) {
            hex.append(' ').append(String.format("%02x", payload.at(i)));
        }
        if (payload.length() > 24) {
            hex.append(" ...");
        }
        String text = new String(payload.shared(), 0, Math.min(24, payload.length()), StandardCharsets.ISO_8859_1);
        return hex.append("  \"").append(text.replaceAll("[^\\x20-\\x7e]", ".")).append('"').toString();
    }
}
