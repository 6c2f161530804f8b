package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.CodecFaultException;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Trial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

    private static final List<Recent> RECENT = List.of(new Recent.Decoded(Bytes.utf8("x"), Optional.empty()),
            new Recent.Encoded(Content.of(7), Optional.of(Bytes.utf8("7"))));

    @TempDir
    Path folder;

    /** A codec for numbers that is worn out after so many calls. */
    private static final class Meter implements Codec {

        private final AtomicLong calls = new AtomicLong();
        private final long most;

        Meter(long most) {
            this.most = most;
        }

        private void call() throws CodecException {
            if (calls.incrementAndGet() > most) {
                throw new CodecFaultException("the codec for 'meter' threw something", new IllegalStateException("worn out"));
            }
        }

        @Override
        public Bytes encode(Content content) throws CodecException {
            call();
            if (!(content.data() instanceof Integer number)) {
                throw new CodecException("a meter carries a number");
            }
            return Bytes.utf8(number.toString());
        }

        @Override
        public Content decode(Bytes bytes) throws CodecException {
            call();
            try {
                return Content.of(Integer.valueOf(bytes.text()));
            } catch (NumberFormatException e) {
                throw new CodecException("expected a whole number");
            }
        }
    }

    private Rehearsal.Shown rehearse(Codec codec) throws Exception {
        Path jar = Jars.bundle().entry("OSGI-INF/vectors/meter.json", "[{\"name\": \"one\", \"text\": \"1\", \"content\": 1}]"
                .getBytes(StandardCharsets.UTF_8)).header("Provide-Capability", "pantograph.codec;codec=meter").write(folder.resolve("meter.jar"));
        return new Rehearsal(Inspection.of(jar), jar, exchange(), candidate(codec), Trial.USUAL).run();
    }

    // It would be let serve, and then given nothing.
    @Test
    void refusesWhatIsWornOutByTheLastOfItsCalls() throws Exception {
        Meter good = new Meter(Long.MAX_VALUE);
        assertEquals(1, rehearse(good).vectors());
        Meter worn = new Meter(good.calls.get() - 500);
        RefusedException refused = assertThrows(RefusedException.class, () -> rehearse(worn));
        assertEquals("some.bundle 1.0.0 failed its self-test for 'meter': when it was called again and again, the codec for 'meter' threw something",
                refused.getMessage());
    }

    private static CodecExchange exchange() {
        return new CodecExchange() {
            @Override
            public Candidate hold(long bundle) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<Recent> recent(String format) {
                return RECENT;
            }
        };
    }

    private static CodecExchange.Candidate candidate(Codec codec) {
        return new CodecExchange.Candidate() {
            @Override
            public long bundle() {
                return 1;
            }

            @Override
            public SortedSet<String> formats() {
                return new TreeSet<>(List.of("meter"));
            }

            @Override
            public Codec guarded(String format) {
                return codec;
            }

            @Override
            public void shadow(Trial trial, Consumer<CodecExchange.Verdict> then) {
            }

            @Override
            public void serve(Trial trial, long calls, Consumer<CodecExchange.Verdict> then) {
            }

            @Override
            public Evidence evidence() {
                return Evidence.NONE;
            }

            @Override
            public void settle() {
            }

            @Override
            public void withdraw() {
            }

            @Override
            public void close() {
            }
        };
    }
}
