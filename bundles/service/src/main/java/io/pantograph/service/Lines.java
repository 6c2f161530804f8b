package io.pantograph.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Lines of UTF-8 that end with LF or CR LF, up to a length. */
final class Lines {

    private final InputStream in;
    private final int most;
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;

    Lines(InputStream in, int most) {
        this.in = in;
        this.most = most;
    }

    /** Waits for a whole line. @return without its end; null at the end of the stream, what came of an unfinished line is dropped */
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (true) {
            for (int i = from; i < to; i++) {
                if (buffer[i] == '\n') {
                    append(line, i);
                    from = i + 1;
                    return text(line);
                }
            }
            append(line, to);
            from = 0;
            to = in.read(buffer);
            if (to < 0) {
                to = 0;
                return null;
            }
        }
    }

    private void append(ByteArrayOutputStream line, int end) throws IOException {
        if (line.size() + end - from > most) {
            throw new IOException("a line has more than " + most + " bytes");
        }
        line.write(buffer, from, end - from);
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
