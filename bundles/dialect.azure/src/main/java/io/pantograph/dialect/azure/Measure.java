package io.pantograph.dialect.azure;

/** How much room a text takes, found without making it. */
final class Measure {

    private Measure() {
    }

    /** Bytes in UTF-8; -1 if a surrogate stands alone, so that it has none. */
    static int utf8(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes++;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 2; // two characters, four bytes
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    /** Characters when percent-encoded. @param utf8 as {@link #utf8} says */
    static int encoded(String text, int utf8) {
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Subject.letterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
                plain++;
            }
        }
        return plain + 3 * (utf8 - plain);
    }
}
