package io.pantograph.cli;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.json.JsonReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** What devices sent, as far as it can be read. */
final class Bodies {

    private static final int MOST_HEX = 256;

    private Bodies() {
    }

    /** JSON as data, except that a text stays in its quotes; other text as it is; bytes that are none as hexadecimal digits. */
    static Object read(Bytes body) {
        Optional<String> text = text(body);
        if (text.isEmpty()) {
            String hex = HexFormat.of().formatHex(body.shared(), 0, Math.min(body.length(), MOST_HEX));
            return body.length() + " bytes: " + hex + (body.length() > MOST_HEX ? "..." : "");
        }
        try {
            Object data = JsonReader.readAnswer(body);
            return data instanceof String ? text.get() : data;
        } catch (CodecException e) {
            return text.get();
        }
    }

    /** {@code json}, {@code text} or {@code base64}. */
    static String format(Bytes body) {
        if (text(body).isEmpty()) {
            return "base64";
        }
        try {
            JsonReader.readAnswer(body);
            return "json";
        } catch (CodecException e) {
            return "text";
        }
    }

    /** In that form. */
    static Object document(Bytes body) {
        try {
            return switch (format(body)) {
                case "json" -> JsonReader.readAnswer(body);
                case "text" -> body.text();
                default -> Base64.getEncoder().encodeToString(body.shared());
            };
        } catch (CodecException e) {
            throw new IllegalStateException(e);
        }
    }

    // U+0000 is UTF-8, but no text that anybody writes.
    private static Optional<String> text(Bytes body) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(body.buffer()).toString();
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
