package io.pantograph.deploy;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries the codecs of a bundle before they serve anybody, each on its own golden vectors and on the last real messages, and then calls
 * them often enough that the first live message is not the slow one.
 */
final class SelfTest {

    /**
     * @param vectors passed
     * @param samples real messages that came out as they should
     * @param compared real messages of which it is known what the version before made of them
     */
    record Result(int vectors, int samples, int compared, List<Difference> differences) {

        static final Result NONE = new Result(0, 0, 0, List.of());
    }

    private static final int WARM = 1_000;
    private static final int SHOWN = 200;

    private final Facts facts;
    private final Path jar;
    private final CodecExchange exchange;
    private final CodecExchange.Candidate candidate;
    private final Trial trial;
    private final List<Difference> differences = new ArrayList<>();
    private int vectors;
    private int samples;
    private int compared;

    SelfTest(Facts facts, Path jar, CodecExchange exchange, CodecExchange.Candidate candidate, Trial trial) {
        this.facts = facts;
        this.jar = jar;
        this.exchange = exchange;
        this.candidate = candidate;
        this.trial = trial;
    }

    Result run() throws RefusedException {
        for (String format : facts.formats()) {
            Codec codec = candidate.guarded(format);
            List<Recent> recent = exchange.recent(format);
            for (Recent message : recent) {
                compare(format, codec, message);
            }
            warm(codec, recent);
        }
        if (differences.size() > trial.differences() * compared) {
            Difference first = differences.get(0);
            throw new RefusedException(facts.title() + " makes something else of " + differences.size() + " of the last " + compared
                    + " real messages than the version that serves, such as " + first.before() + " -> " + first.after()
                    + "; if it is meant to, allow it with \"differences\" in the trial");
        }
        return new Result(vectors, samples, compared, List.copyOf(differences));
    }

    private void compare(String format, Codec codec, Recent message) {
        boolean decoding = message instanceof Recent.Decoded;
        Object before = message instanceof Recent.Decoded decoded ? decoded.made().orElse(null) : ((Recent.Encoded) message).made().orElse(null);
        if (before == null) {
            return; // the version that serves could make nothing of it, so nobody knows what is right
        }
        compared++;
        String after;
        try {
            Object made = decoding ? codec.decode(((Recent.Decoded) message).bytes()) : codec.encode(((Recent.Encoded) message).content());
            if (same(codec, before, made)) {
                samples++;
                return;
            }
            after = shown(made);
        } catch (CodecException | RuntimeException | LinkageError e) {
            after = shown(e.getMessage() == null ? e.getClass().getName() : e.getMessage());
        }
        differences.add(new Difference(format, decoding, "$", shown(before), after, 1));
    }

    /** Two texts may say the same, as when only the order of members has changed. */
    private static boolean same(Codec codec, Object before, Object after) throws CodecException {
        if (before.equals(after)) {
            return true;
        }
        return before instanceof Bytes one && after instanceof Bytes other && codec.decode(one).equals(codec.decode(other));
    }

    private static String shown(Object made) {
        String text = made instanceof Bytes bytes ? bytes.text() : made instanceof Content content ? String.valueOf(content.data()) : String.valueOf(made);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 3) + "...";
    }

    /** What fails here has failed above, and was judged there. */
    private static void warm(Codec codec, List<Recent> recent) {
        for (int i = 0; !recent.isEmpty() && i < WARM; i++) {
            try {
                if (recent.get(i % recent.size()) instanceof Recent.Decoded decoded) {
                    codec.decode(decoded.bytes());
                } else {
                    codec.encode(((Recent.Encoded) recent.get(i % recent.size())).content());
                }
            } catch (CodecException | RuntimeException | LinkageError e) {
                return;
            }
        }
    }
}
