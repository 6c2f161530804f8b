package io.pantograph.api.hub;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A path taken apart. */
final class Levels {

    private Levels() {
    }

    static List<String> of(String path) {
        List<String> levels = new ArrayList<>();
        for (String level : path.split("/", -1)) {
            levels.add(decoded(level));
        }
        if (levels.get(0).isEmpty()) {
            levels.remove(0);
        }
        if (!levels.isEmpty() && levels.get(levels.size() - 1).isEmpty()) {
            levels.remove(levels.size() - 1);
        }
        return List.copyOf(levels);
    }

    private static String decoded(String level) {
        if (level.indexOf('%') < 0) {
            return level;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] text = level.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '%') {
                bytes.write(text[i]);
                continue;
            }
            int high = i + 2 < text.length ? Character.digit(text[i + 1], 16) : -1;
            int low = i + 2 < text.length ? Character.digit(text[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("the path is badly encoded: after % come two hexadecimal digits");
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the path is badly encoded: it is no UTF-8");
        }
    }
}
