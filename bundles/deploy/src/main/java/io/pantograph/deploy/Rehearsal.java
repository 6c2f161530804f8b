package io.pantograph.deploy;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.CodecFaultException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.core.Recent;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import io.pantograph.proof.Effort;
import io.pantograph.proof.Result;
import io.pantograph.proof.SelfTest;
import io.pantograph.proof.Vector;
import io.pantograph.proof.VectorException;
import io.pantograph.proof.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries the codecs of a bundle before they serve anybody, each on its own golden vectors and on the last real messages, and then calls
 * them often enough that the first live message is not the slow one.
 */
final class Rehearsal {

    /** What it showed. */
    record Shown(int vectors, int samples, long compared, long different, List<Difference> differences, List<String> notes) {

        static final Shown NOTHING = new Shown(0, 0, 0, 0, List.of(), List.of());

        Shown and(Result more) {
            List<Difference> all = new ArrayList<>(differences);
            all.addAll(more.differences());
            List<String> said = new ArrayList<>(notes);
            said.addAll(more.notes());
            return new Shown(vectors + more.vectors(), samples + more.samples(), compared + more.compared(), different + more.different(), all, said);
        }
    }

    private static final int WARM = 1_000;

    private final Facts facts;
    private final Path jar;
    private final CodecExchange exchange;
    private final CodecExchange.Candidate candidate;
    private final Trial trial;

    Rehearsal(Facts facts, Path jar, CodecExchange exchange, CodecExchange.Candidate candidate, Trial trial) {
        this.facts = facts;
        this.jar = jar;
        this.exchange = exchange;
        this.candidate = candidate;
        this.trial = trial;
    }

    /** @throws RefusedException with the first thing that was found wrong */
    Shown run() throws RefusedException, IOException {
        Shown shown = Shown.NOTHING;
        List<Vector> vectors = vectors();
        for (String format : facts.formats()) {
            Codec codec = candidate.guarded(format);
            List<Recent> recent = exchange.recent(format);
            Result result = SelfTest.run(format, codec, vectors, recent, Effort.INSTALLER);
            if (!result.passed()) {
                int more = result.findings().size() - 1;
                throw new RefusedException(facts.title() + " failed its self-test for '" + format + "': " + result.findings().get(0)
                        + (more == 0 ? "" : "; and " + more + " more"));
            }
            shown = shown.and(result);
            warm(format, codec, recent);
        }
        if (shown.different > trial.differences() * shown.compared) {
            throw new RefusedException(facts.title() + " makes something else of " + shown.different + " of the last " + shown.compared
                    + " real messages than the version that serves" + example(shown) + "; if it is meant to, allow it with 'differences' in the trial");
        }
        return shown;
    }

    private static String example(Shown shown) {
        return shown.differences.isEmpty() ? "" : ", such as " + shown.differences.get(0).field() + ": " + shown.differences.get(0).after()
                + " where it was " + shown.differences.get(0).before();
    }

    private List<Vector> vectors() throws RefusedException, IOException {
        try {
            return Vectors.ofJar(jar, facts.formats());
        } catch (VectorException e) {
            throw new RefusedException(facts.title() + " brings golden vectors that cannot be read: " + e.getMessage(), e);
        }
    }

    /** A message that it refuses here it has refused above, where that was judged; but it may be worn out by now. */
    private void warm(String format, Codec codec, List<Recent> recent) throws RefusedException {
        for (int i = 0; !recent.isEmpty() && i < WARM; i++) {
            try {
                if (recent.get(i % recent.size()) instanceof Recent.Decoded decoded) {
                    codec.decode(decoded.bytes());
                } else {
                    codec.encode(((Recent.Encoded) recent.get(i % recent.size())).content());
                }
            } catch (CodecFaultException | NoCodecException e) {
                throw new RefusedException(facts.title() + " failed its self-test for '" + format + "': when it was called again and again, "
                        + e.getMessage(), e);
            } catch (CodecException e) {
                // One that it may refuse.
            }
        }
    }
}
