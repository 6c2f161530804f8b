package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** What nobody should send, and somebody will. The same in every run. */
final class Hostile {

    private static final long SEED = 20_260_101;
    /** The most that any hub takes in one message. */
    private static final int LARGE = 262_144;

    /** @param what for sentences: {@code 'decode of' what} */
    record Input(String what, Bytes bytes) {
    }

    private Hostile() {
    }

    /** Small ones. @param good bytes that are none, to spoil, by what they are */
    static List<Input> small(Map<String, Bytes> good, Effort effort) {
        List<Input> inputs = new ArrayList<>();
        inputs.add(new Input("no bytes at all", Bytes.EMPTY));
        for (int i = 0; i < effort.singles; i++) {
            byte one = (byte) (i * 256 / effort.singles);
            inputs.add(new Input(String.format("the one byte %02x", one), Bytes.of(one)));
        }
        for (int[] odd : new int[][] {{0xef, 0xbb, 0xbf}, {0xc0, 0x80}, {0xed, 0xa0, 0x80}, {0xff, 0xfe, 0, 0}, {0xf4, 0x90, 0x80, 0x80}}) {
            byte[] bytes = new byte[odd.length];
            for (int i = 0; i < odd.length; i++) {
                bytes[i] = (byte) odd[i];
            }
            inputs.add(new Input("bytes that are no UTF-8", Bytes.wrap(bytes)));
        }
        long length = good.values().stream().mapToLong(Bytes::length).sum();
        good.forEach((what, bytes) -> spoil(what, bytes, length, effort, inputs));
        Random random = new Random(SEED);
        for (int i = 0; i < effort.randoms; i++) {
            byte[] bytes = new byte[1 + random.nextInt(i % 8 == 0 ? 2_048 : 32)];
            random.nextBytes(bytes);
            if (i % 2 == 0) { // what looks like text gets further
                for (int at = 0; at < bytes.length; at++) {
                    bytes[at] = (byte) (0x20 + (bytes[at] & 0x7f) % 0x5f);
                }
            }
            inputs.add(new Input(bytes.length + " random bytes (number " + i + ")", Bytes.wrap(bytes)));
        }
        return inputs;
    }

    // Every byte and every bit if the effort reaches so far, else evenly spread over all that is good.
    private static void spoil(String what, Bytes good, long length, Effort effort, List<Input> inputs) {
        byte[] bytes = good.shared();
        long cut = Math.max(1, length / effort.cuts);
        for (long at = 1; at < bytes.length; at += cut) {
            inputs.add(new Input(what + ", cut off after byte " + at, Bytes.wrap(Arrays.copyOf(bytes, (int) at))));
        }
        inputs.add(new Input(what + ", with another byte behind", Bytes.wrap(Arrays.copyOf(bytes, bytes.length + 1))));
        long flip = Math.max(1, 8 * length / effort.flips);
        for (long bit = 0; bit < 8L * bytes.length; bit += flip == 1 ? 1 : flip | 1) { // an odd step meets every bit of a byte
            byte[] flipped = bytes.clone();
            flipped[(int) (bit >> 3)] ^= (byte) (1 << (bit & 7));
            inputs.add(new Input(what + ", with bit " + (bit & 7) + " of byte " + (bit >> 3) + " turned", Bytes.wrap(flipped)));
        }
    }

    /** Large ones, made when asked for. */
    static Map<String, Supplier<Bytes>> large(Map<String, Bytes> good) {
        Map<String, Supplier<Bytes>> inputs = new LinkedHashMap<>();
        inputs.put("1 MB of zeros", () -> Bytes.wrap(new byte[1 << 20]));
        inputs.put("256 KB of bytes ff", () -> filled(0xff));
        for (char c : "9 [{(<\",".toCharArray()) {
            inputs.put("256 KB of '" + c + "'", () -> filled(c));
        }
        inputs.put("256 KB of '{\"a\":'", () -> repeated("{\"a\":".getBytes(StandardCharsets.US_ASCII)));
        good.entrySet().stream().filter(one -> !one.getValue().isEmpty()).limit(2)
                .forEach(one -> inputs.put("256 KB of " + one.getKey() + " again and again", () -> repeated(one.getValue().shared())));
        return inputs;
    }

    private static Bytes filled(int value) {
        byte[] bytes = new byte[LARGE];
        Arrays.fill(bytes, (byte) value);
        return Bytes.wrap(bytes);
    }

    private static Bytes repeated(byte[] part) {
        byte[] bytes = new byte[LARGE];
        for (int at = 0; at < LARGE; at += part.length) {
            System.arraycopy(part, 0, bytes, at, Math.min(part.length, LARGE - at));
        }
        return Bytes.wrap(bytes);
    }

    /** Content that few formats can say. */
    static Map<String, Content> contents() {
        Map<String, Content> contents = new LinkedHashMap<>();
        contents.put("null", Content.of((Object) null));
        contents.put("true", Content.of(true));
        contents.put("the number 42", Content.of(42));
        contents.put("the number -1.5", Content.of(-1.5));
        contents.put("a number of 400 digits", Content.of(new BigInteger("9".repeat(400))));
        contents.put("the number 1e999999", Content.of(new BigDecimal("1e999999")));
        contents.put("an empty text", Content.of(""));
        contents.put("a text with control characters", Content.of("\0\u0001\n\u007f,;\"'\\"));
        contents.put("a text with half a character", Content.of("\ud83d"));
        contents.put("bytes", Content.of(Bytes.of((byte) 0, (byte) 0xff)));
        contents.put("an empty list", Content.of(List.of()));
        contents.put("a list with null", Content.of(Content.list(Arrays.asList(null, 1, "x"))));
        contents.put("an empty object", Content.of(Values.EMPTY));
        contents.put("an object with an empty name", Content.of(Values.of("", 1)));
        contents.put("an object with a name nobody knows", Content.of(Values.of("unheard-of \0\u2028", Values.of("a", null))));
        contents.put("a time long ago", Content.of(Values.of("a", 1)).at(Instant.MIN));
        return contents;
    }

    /** Large content. */
    static Map<String, Content> largeContents() {
        Map<String, Content> contents = new LinkedHashMap<>();
        Object deep = 1;
        for (int i = 0; i < 60; i++) {
            deep = i % 2 == 0 ? Values.of("a", deep) : Content.list(List.of(deep));
        }
        contents.put("content of 60 levels", Content.of(deep));
        contents.put("a text of 131,072 characters", Content.of(Values.of("a", "x".repeat(131_072))));
        contents.put("a list of 20,000 numbers", Content.of(Values.of("a", Collections.nCopies(20_000, 1))));
        return contents;
    }

    /** The good ones spoilt: each member null, of another kind, left away, and one too many. */
    static Map<String, Content> spoilt(String what, Content good) {
        Map<String, Content> contents = new LinkedHashMap<>();
        if (good.data() instanceof Values values) {
            for (String name : values.keySet()) {
                String said = what + " with '" + Names.visible(name) + "' ";
                contents.put(said + "null", new Content(with(values, name, null, true), good.time()));
                contents.put(said + "an object", new Content(with(values, name, Values.of("a", 1), true), good.time()));
                contents.put(said + "a text", new Content(with(values, name, "x\0,;\u20ac", true), good.time()));
                contents.put(said + "far too large", new Content(with(values, name, new BigInteger("9".repeat(40)), true), good.time()));
                contents.put(said + "left away", new Content(with(values, name, null, false), good.time()));
            }
        }
        return contents;
    }

    private static Values with(Values values, String name, Object other, boolean there) {
        Values.Builder changed = Values.builder();
        values.forEach((member, value) -> {
            if (!member.equals(name)) {
                changed.put(member, value);
            } else if (there) {
                changed.put(member, other);
            }
        });
        return changed.build();
    }
}
