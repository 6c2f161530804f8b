package io.pantograph.proof;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Difference;
import io.pantograph.proof.Probe.Outcome;
import io.pantograph.proof.compare.Differences;
import io.pantograph.proof.compare.Shown;
import io.pantograph.proof.compare.Tally;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tries one codec. Calls it on the caller's thread and, to see whether it bears many, on four of its own. It trusts the codec to come back: an
 * installer hands in a guarded one, and the first fault that the guard reports ends the test.
 *
 * <p>What is a note here, such as that there are no vectors, is a failure in the test kit's {@code CodecContract}: who passes there passes here.
 */
public final class SelfTest {

    private static final int MOST_GOOD = 64;

    private final String format;
    private final List<Vector> vectors;
    private final List<Recent> samples;
    private final Effort effort;
    private final Probe probe;
    private final Findings findings = new Findings();
    private final Tally tally = new Tally();
    private final Set<String> thrown = new HashSet<>();
    private int goodVectors;
    private int goodSamples;
    private long patience;

    private SelfTest(String format, Codec codec, List<Vector> vectors, List<Recent> samples, Effort effort) {
        this.format = format;
        this.vectors = vectors.stream().filter(vector -> vector.format().equals(format)).toList();
        this.samples = List.copyOf(samples);
        this.effort = effort;
        probe = new Probe(codec);
    }

    /**
     * All checks.
     *
     * @param vectors of the bundle; those of other formats are passed over
     * @param samples real messages of the past
     */
    public static Result run(String format, Codec codec, List<Vector> vectors, List<Recent> samples, Effort effort) {
        return run(format, codec, vectors, samples, effort, EnumSet.allOf(Check.class));
    }

    /** Some checks. */
    public static Result run(String format, Codec codec, List<Vector> vectors, List<Recent> samples, Effort effort, Set<Check> checks) {
        return new SelfTest(format, codec, vectors, samples, effort).result(checks);
    }

    private Result result(Set<Check> checks) {
        patience = System.nanoTime() + effort.patience.toNanos();
        if (vectors.isEmpty()) {
            findings.note("it brings no golden vectors for '" + format + "' in " + Vectors.FOLDER
                    + ", so nobody can tell whether what it reads and writes is right");
        }
        for (Check check : Check.values()) {
            if (checks.contains(check) && !over()) {
                check(check);
            }
        }
        if (late() && !probe.hopeless()) {
            findings.note("it is so slow that after " + effort.patience.toSeconds() + " s not everything was tried");
        }
        return new Result(goodVectors, goodSamples, tally.compared(), tally.different(), findings.findings(), findings.notes(), tally.differences());
    }

    private void check(Check check) {
        switch (check) {
            case VECTORS -> vectors.forEach(this::vector);
            case ROUND_TRIP -> roundTrips();
            case SAMPLES -> samples.forEach(this::sample);
            case HOSTILE -> hostile();
            case BOUNDS -> bounds();
            case STATELESS -> new Repeats(probe, findings, inputs(), contents()).again(Hostile.small(Map.of(), Effort.INSTALLER));
            case THREADS -> new Repeats(probe, findings, inputs(), contents()).atOnce(effort.rounds, this::over);
        }
    }

    private boolean late() {
        return System.nanoTime() - patience > 0;
    }

    /** Whether there is no point, or no time, to go on. */
    private boolean over() {
        return findings.enough() || probe.hopeless() || late();
    }

    // ---- vectors

    private void vector(Vector vector) {
        if (over()) {
            return;
        }
        int before = findings.count();
        if (vector.content().isEmpty()) {
            Outcome<Content> outcome = probe.decode(vector.bytes());
            fault("decode of " + vector.said(), outcome);
            if (outcome.made() != null) {
                findings.add("decode of " + vector.said() + " must fail with a CodecException, but it gave " + Shown.of(outcome.made()));
            }
        } else {
            if (vector.decodes()) {
                reads(vector, vector.content().get());
            }
            if (vector.encodes()) {
                writes(vector, vector.content().get());
            }
        }
        if (findings.count() == before) {
            goodVectors++;
        }
    }

    private void reads(Vector vector, Content expected) {
        Outcome<Content> outcome = probe.decode(vector.bytes());
        if (outcome.made() == null) {
            refusal("decode of " + vector.said(), outcome, Shown.of(expected));
        } else {
            for (Difference one : Differences.between(format, true, expected, outcome.made()).stream().limit(3).toList()) {
                findings.add("decode of " + vector.said() + ": " + one.field() + " must be " + one.before() + ", it is " + one.after());
            }
        }
    }

    private void writes(Vector vector, Content content) {
        Outcome<Bytes> outcome = probe.encode(content);
        if (outcome.made() == null) {
            refusal("encode of " + vector.said(), outcome, Shown.of(vector.bytes()));
        } else if (!outcome.made().equals(vector.bytes())) {
            findings.add("encode of " + vector.said() + " must give " + Shown.of(vector.bytes()) + ", it gave " + Shown.of(outcome.made()));
        }
    }

    private void refusal(String what, Outcome<?> outcome, String expected) {
        if (!fault(what, outcome)) {
            findings.add(what + " must give " + expected + ", but it failed: " + outcome.refused());
        }
    }

    private boolean fault(String what, Outcome<?> outcome) {
        if (outcome.fault() != null) {
            findings.add(what + ' ' + outcome.fault());
        }
        return outcome.fault() != null;
    }

    // ---- there and back

    private void roundTrips() {
        for (Vector vector : vectors) {
            if (!over() && vector.content().isPresent()) {
                if (vector.encodes()) {
                    thereAndBack(vector.said(), vector.content().get(), vector.decodes());
                }
                if (vector.decodes()) {
                    backAndThere(vector.said(), vector.bytes());
                }
            }
        }
        int number = 0;
        for (Recent sample : samples) {
            String what = "real message " + ++number;
            if (!over() && sample instanceof Recent.Encoded encoded) {
                thereAndBack(what, encoded.content(), false);
            } else if (!over() && sample instanceof Recent.Decoded decoded) {
                backAndThere(what, decoded.bytes());
            }
        }
    }

    /** @param exactly what comes back is the content; else, since a format may leave things away, only what is written of it is the same */
    private void thereAndBack(String what, Content content, boolean exactly) {
        Bytes first = probe.encode(content).made();
        if (first == null) {
            return; // told by another check
        }
        Outcome<Content> back = probe.decode(first);
        if (fault("decode of what encode made of " + what, back)) {
            return;
        }
        if (back.made() == null) {
            if (vectors.isEmpty() || vectors.stream().anyMatch(vector -> vector.decodes() && vector.content().isPresent())) {
                findings.add("encode of " + what + " gave " + Shown.of(first) + ", but decode fails on it: " + back.refused());
            }
            return;
        }
        if (exactly) {
            Differences.between(format, true, content, back.made()).stream().limit(3).forEach(one -> findings.add("decode of what encode made of "
                    + what + ": " + one.field() + " must be " + one.before() + ", it is " + one.after()));
        }
        Outcome<Bytes> again = probe.encode(back.made());
        if (!fault("encode of what was read back of " + what, again) && again.made() != null && !again.made().equals(first)) {
            findings.add("encode of " + what + " gave " + Shown.of(first) + "; read and written again it must be the same, it is "
                    + Shown.of(again.made()));
        }
    }

    private void backAndThere(String what, Bytes bytes) {
        Content first = probe.decode(bytes).made();
        Bytes written = first == null ? null : probe.encode(first).made();
        if (written == null) {
            return; // a format may read more than it writes
        }
        Outcome<Content> again = probe.decode(written);
        if (fault("decode of what encode made of " + what, again)) {
            return;
        }
        if (again.made() == null) {
            findings.add("decode of " + what + " can be written as " + Shown.of(written) + ", but decode fails on that: " + again.refused());
            return;
        }
        Differences.between(format, true, first, again.made()).stream().limit(3).forEach(one -> findings.add("decode of " + what
                + ", written and read again: " + one.field() + " must be " + one.before() + ", it is " + one.after()));
    }

    // ---- real messages

    private void sample(Recent sample) {
        if (over()) {
            return;
        }
        boolean good = sample instanceof Recent.Encoded encoded ? written(encoded) : read((Recent.Decoded) sample);
        if (good) {
            goodSamples++;
        }
    }

    private boolean written(Recent.Encoded sample) {
        Outcome<Bytes> outcome = probe.encode(sample.content());
        if (fault("encode of a real message", outcome)) {
            return false;
        }
        return sample.made().map(before -> compared(outcome.made() == null
                ? List.of(Differences.whole(format, false, Shown.of(before), "refused: " + outcome.refused()))
                : writtenBefore(before, outcome.made()))).orElse(true);
    }

    // By field, if it reads both; else as a whole.
    private List<Difference> writtenBefore(Bytes before, Bytes after) {
        if (before.equals(after)) {
            return List.of();
        }
        Content one = probe.decode(before).made();
        Content other = probe.decode(after).made();
        List<Difference> fields = one == null || other == null ? List.of() : Differences.between(format, false, one, other);
        return fields.isEmpty() ? Differences.between(format, before, after) : fields;
    }

    private boolean read(Recent.Decoded sample) {
        Outcome<Content> outcome = probe.decode(sample.bytes());
        if (fault("decode of a real message", outcome)) {
            return false;
        }
        return sample.made().map(before -> compared(outcome.made() == null
                ? List.of(Differences.whole(format, true, Shown.of(before), "refused: " + outcome.refused()))
                : Differences.between(format, true, before, outcome.made()))).orElse(true);
    }

    private boolean compared(List<Difference> differences) {
        tally.add(differences);
        return differences.isEmpty();
    }

    // ---- nonsense

    private void hostile() {
        for (Hostile.Input input : Hostile.small(good(), effort)) {
            if (over()) {
                return;
            }
            harmless(input.what(), input.bytes());
        }
        Map<String, Content> contents = new LinkedHashMap<>(Hostile.contents());
        int number = 0;
        for (Content content : contents()) {
            if (number++ < 16) {
                contents.putAll(Hostile.spoilt("good content", content));
            }
        }
        contents.forEach(this::strange);
    }

    private void harmless(String what, Bytes bytes) {
        Outcome<Content> outcome = probe.decode(bytes);
        if (!fault("decode of " + what, outcome) && outcome.made() != null) {
            fault("encode of what decode made of " + what, probe.encode(outcome.made()));
        }
    }

    // The framework stands between an author's exception and the publisher, so this one is only a matter of good manners; but each
    // is a strike for the codec, so an installer asks no further.
    private void strange(String what, Content content) {
        if (over() || effort == Effort.INSTALLER && !thrown.isEmpty()) {
            return;
        }
        Outcome<Bytes> outcome = probe.encode(content);
        if (outcome.fault() != null && outcome.fault().startsWith("threw ")) {
            if (!thrown.add(outcome.fault())) {
                return; // told once
            }
            findings.note("encode of " + what + ' ' + outcome.fault() + "; a CodecException that says what would be right tells the publisher more");
        } else {
            fault("encode of " + what, outcome);
        }
    }

    private void bounds() {
        for (Map.Entry<String, Supplier<Bytes>> input : Hostile.large(good()).entrySet()) {
            if (over()) {
                return;
            }
            harmless(input.getKey(), input.getValue().get());
        }
        Hostile.largeContents().forEach(this::strange);
    }

    // ---- what is good

    private Map<String, Bytes> good() {
        Map<String, Bytes> good = new LinkedHashMap<>();
        vectors.stream().filter(vector -> vector.content().isPresent()).limit(MOST_GOOD).forEach(vector -> good.put(vector.said(), vector.bytes()));
        if (good.isEmpty()) {
            int number = 0;
            for (Bytes bytes : inputs()) {
                good.put("real message " + ++number, bytes);
            }
        }
        return good;
    }

    private List<Bytes> inputs() {
        Collection<Bytes> inputs = new java.util.LinkedHashSet<>();
        vectors.stream().filter(Vector::decodes).forEach(vector -> inputs.add(vector.bytes()));
        for (Recent sample : samples) {
            if (sample instanceof Recent.Decoded decoded) {
                inputs.add(decoded.bytes());
            } else if (sample instanceof Recent.Encoded encoded) {
                encoded.made().ifPresent(inputs::add);
            }
        }
        return inputs.stream().limit(MOST_GOOD).toList();
    }

    private List<Content> contents() {
        List<Content> contents = new ArrayList<>();
        vectors.stream().filter(Vector::encodes).forEach(vector -> contents.add(vector.content().orElseThrow()));
        for (Recent sample : samples) {
            if (sample instanceof Recent.Encoded encoded) {
                contents.add(encoded.content());
            }
        }
        return contents.stream().limit(MOST_GOOD).toList();
    }
}
