package io.pantograph.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.proof.Check;
import io.pantograph.proof.Effort;
import io.pantograph.proof.Result;
import io.pantograph.proof.SelfTest;
import io.pantograph.proof.Vector;
import io.pantograph.proof.VectorException;
import io.pantograph.proof.Vectors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Codec} must keep. Extend it and say which codec:
 *
 * <pre>{@code
 * class TenthsCodecTest extends CodecContract {
 *     protected Codec codec() {
 *         return new TenthsCodec();
 *     }
 * }
 * }</pre>
 *
 * <p>These are the checks that a gateway runs before it lets a codec serve, repeated more often. What is only noted there, such as that there
 * are no golden vectors or that {@code encode} throws something else than a CodecException, fails here.
 *
 * <p>The vectors are those in {@code OSGI-INF/vectors/*.json} of the codec's own classes, put there from {@code src/main/resources}.
 */
public abstract class CodecContract {

    /** A new one each time. */
    protected abstract Codec codec();

    /** Of which format it is: what its {@link CodecFormat} says. To be overridden for a codec without. */
    protected String format() {
        CodecFormat format = codec().getClass().getAnnotation(CodecFormat.class);
        if (format == null) {
            return fail(codec().getClass().getName() + " has no @CodecFormat; annotate it, or override format() in " + getClass().getName());
        }
        return format.format();
    }

    /** More content that the codec must be able to write; none unless overridden. */
    protected List<Content> furtherContents() {
        return List.of();
    }

    /** More messages, such as some recorded in the field, good ones and bad ones; none unless overridden. */
    protected List<Bytes> furtherMessages() {
        return List.of();
    }

    @Test
    void readsAndWritesItsVectors() {
        passes(Check.VECTORS);
    }

    @Test
    void readsWhatItWrites() {
        passes(Check.ROUND_TRIP);
    }

    @Test
    void writesWhatItIsGiven() {
        for (Content content : furtherContents()) {
            try {
                codec().encode(content);
            } catch (Exception e) {
                fail("encode of a content of furtherContents() failed: " + e, e);
            }
        }
        passes(Check.SAMPLES);
    }

    @Test
    void standsNonsense() {
        passes(Check.HOSTILE);
    }

    @Test
    void takesLittleTimeAndRoom() {
        passes(Check.BOUNDS);
    }

    @Test
    void keepsNothingInMind() {
        passes(Check.STATELESS);
    }

    @Test
    void servesManyThreadsAtOnce() {
        passes(Check.THREADS);
    }

    @Test
    void leavesNothingBehind() {
        List<Vector> vectors = vectors();
        LeakCheck.run(getClass(), codec().getClass(), other -> vectors.forEach(vector -> use(other, vector)));
    }

    private static void use(Codec codec, Vector vector) {
        try {
            if (vector.decodes()) {
                codec.decode(vector.bytes());
            }
            if (vector.encodes()) {
                codec.encode(vector.content().orElseThrow());
            }
        } catch (CodecException e) {
            return; // as it should, or another test says so
        }
    }

    private void passes(Check check) {
        List<Recent> samples = new ArrayList<>();
        furtherContents().forEach(content -> samples.add(new Recent.Encoded(content, Optional.empty())));
        furtherMessages().forEach(message -> samples.add(new Recent.Decoded(message, Optional.empty())));
        List<Vector> vectors = vectors();
        String format = format();
        WatchedCodec watched = new WatchedCodec(codec(), Duration.ofSeconds(10));
        Result result = watched.during(() -> SelfTest.run(format, watched, vectors, samples, Effort.AUTHOR, EnumSet.of(check)));
        List<String> said = new ArrayList<>(result.findings());
        said.addAll(result.notes());
        if (!said.isEmpty()) {
            fail(String.join("\n", said));
        }
    }

    private List<Vector> vectors() {
        Set<String> formats = Set.of(format());
        try {
            Path classes = Path.of(codec().getClass().getProtectionDomain().getCodeSource().getLocation().toURI());
            List<Vector> vectors = Files.isDirectory(classes) ? Vectors.ofFolder(classes, formats) : Vectors.ofJar(classes, formats);
            return vectors.isEmpty() ? Vectors.ofFolder(Path.of("src/main/resources"), formats) : vectors;
        } catch (VectorException e) {
            return fail(Vectors.FOLDER + e.getMessage());
        } catch (IOException | URISyntaxException e) {
            return fail("the vectors cannot be read", e);
        }
    }
}
