package io.pantograph.samples.demo;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** The lines of the demo's screen. What devices send is foreign text: it must not move the cursor or colour the screen. */
record Paper(PrintStream out) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final int WIDTH = 400;
    private static final int BYTES = 24;

    void line(Instant time, String who, String what, String data) {
        out.println("%s  %-14s %s %s".formatted(TIME.format(time), Names.visible(who), what, data));
    }

    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(WIDTH + 1)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '.' : c));
        return out.codePointCount(0, out.length()) > WIDTH ? out.substring(0, out.offsetByCodePoints(0, WIDTH)) + "..." : out.toString();
    }

    static String bytes(Bytes payload) {
        StringBuilder hex = new StringBuilder(payload + " kept:");
        for (int i = 0; i < Math.min(BYTES, payload.length()); i++) {
            hex.append(' ').append(String.format("%02x", payload.at(i)));
        }
        if (payload.length() > BYTES) {
            hex.append(" ...");
        }
        String text = new String(payload.shared(), 0, Math.min(BYTES, payload.length()), StandardCharsets.ISO_8859_1);
        return hex.append("  \"").append(text.replaceAll("[^\\x20-\\x7e]", ".")).append('"').toString();
    }
}
