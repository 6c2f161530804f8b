package io.pantograph.hub.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The levels of a path, each decoded once and strictly, so that what is checked is what is used. */
final class Paths {

    private static final int MOST_LEVELS = 16;

    private Paths() {
    }

    /** @param raw as it came, without the query; one slash at the end means nothing */
    static List<String> levels(String raw) {
        String path = raw.startsWith("/") ? raw.substring(1) : raw;
        if (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        List<String> levels = new ArrayList<>();
        if (!path.isEmpty()) {
            String[] parts = path.split("/", MOST_LEVELS + 1);
            if (parts.length > MOST_LEVELS) {
                throw Problem.missing("There is nothing at this path.");
            }
            for (String part : parts) {
                levels.add(decoded(part));
            }
        }
        return levels;
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw Problem.invalid("a % in the path must be followed by two hexadecimal digits");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw Problem.invalid("the path is not UTF-8");
        }
    }
}
