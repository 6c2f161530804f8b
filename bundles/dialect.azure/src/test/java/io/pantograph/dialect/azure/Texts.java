package io.pantograph.dialect.azure;

import java.util.Random;

/** Texts of any characters that UTF-8 can say, those that mean something in topics and bags more often than others. */
final class Texts {

    private static final String SPECIAL = " +%&=/#$.?*-_~\u0000\u0007\u007f\u0085\u00e9\uffff";

    private Texts() {
    }

    static String random(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(longest + 1); left > 0; left--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(SPECIAL.charAt(random.nextInt(SPECIAL.length())));
                case 1 -> text.append((char) ('a' + random.nextInt(26)));
                case 2 -> text.append((char) random.nextInt(0xd800));
                default -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
            }
        }
        return text.toString();
    }
}
