package io.pantograph.gateway.rest;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What came with a request, of which no more is read than may be. */
final class Body {

    static final int MOST_JAR = 32 << 20;
    private static final int MOST_DOCUMENT = 262_144;

    private final InputStream in;
    private final long announced;

    /** @param announced -1 if it did not say */
    Body(InputStream in, long announced) {
        this.in = in;
        this.announced = announced;
    }

    /** A JSON object; an empty one if nothing came. */
    Values document() throws IOException, Problem {
        refuse(announced, MOST_DOCUMENT, "a document");
        byte[] bytes = in.readNBytes(MOST_DOCUMENT + 1);
        refuse(bytes.length, MOST_DOCUMENT, "a document");
        if (bytes.length == 0) {
            return Values.EMPTY;
        }
        try {
            if (JsonReader.read(Bytes.wrap(bytes)) instanceof Values values) {
                return values;
            }
            throw new Problem(400, "the body must be a JSON object");
        } catch (CodecException e) {
            throw new Problem(400, "the body must be JSON: " + e.getMessage());
        }
    }

    /** A jar, as it comes; whoever reads beyond what is allowed gets {@link TooLarge}. */
    InputStream jar() throws Problem {
        refuse(announced, MOST_JAR, "a jar");
        return new Limited(in);
    }

    private static void refuse(long length, long most, String what) throws Problem {
        if (length > most) {
            throw new Problem(413, what + " may have " + most + " bytes, this one has more");
        }
    }

    /** More came than was announced, or than may come. */
    static final class TooLarge extends IOException {

        private static final long serialVersionUID = 1;

        TooLarge() {
            super("a jar may have " + MOST_JAR + " bytes, this one has more");
        }
    }

    private static final class Limited extends FilterInputStream {

        private long read;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int more) throws TooLarge {
            read += more;
            if (read > MOST_JAR) {
                throw new TooLarge();
            }
        }

        @Override
        public long skip(long count) throws IOException {
            return read(new byte[(int) Math.min(count, 8_192)]);
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
