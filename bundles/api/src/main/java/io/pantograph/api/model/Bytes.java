package io.pantograph.api.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An immutable byte string; equal by content. Prints its length, never its content, which may be a secret. */
public final class Bytes {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these bytes. */
    public static Bytes of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /** This text in UTF-8. */
    public static Bytes utf8(String text) {
        return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * These very bytes, not copied: for an array that nobody will write to again, such as one a serializer has just made.
     * Changing the array afterwards breaks the promise of this class.
     */
    public static Bytes wrap(byte[] handedOver) {
        return handedOver.length == 0 ? EMPTY : new Bytes(handedOver);
    }

    public int length() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** The byte at this place. @throws ArrayIndexOutOfBoundsException outside 0 to length - 1 */
    public byte at(int index) {
        return bytes[index];
    }

    /** A copy as an array. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /**
     * The array inside, not copied: for libraries that take an array and only read it. Writing to it breaks the promise of this class.
     */
    public byte[] shared() {
        return bytes;
    }

    /** A read-only view, not a copy. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** As UTF-8 text; bytes that are none become U+FFFD. For decoding what must be UTF-8, check it first. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
