package io.pantograph.proof;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        if (probe.hopeless() && findings.count() == 0) {
            findings.add("it cannot be tried to the end, since a call " + probe.last());
        }
        if (late() && !probe.hopeless()) {
            findings.note("it is so slow that after " + effort.patience.toSeconds() + " s not everything was tried");
        }
        return new Result(goodVectors, goodSamples, tally.compared(), tally.different(), findings.findings(), findings.notes(), tally.differences());
    }

    private void check(Check check) {
        switch (check) {
            case VECTORS -> vectors();
            case ROUND_TRIP -> roundTrips();
            case SAMPLES -> samples();
            case HOSTILE -> nonsense().hostile(contents());
            case BOUNDS -> nonsense().bounds();
            case STATELESS -> new Repeats(probe, findings, inputs(), contents()).again(Hostile.small(Map.of(), Effort.INSTALLER));
            case THREADS -> new Repeats(probe, findings, inputs(), contents()).atOnce(effort.calls, this::over);
        }
    }

    private void vectors() {
        VectorRun run = new VectorRun(format, probe, findings);
        for (Vector vector : vectors) {
            if (!over() && run.passes(vector)) {
                goodVectors++;
            }
        }
    }

    private void roundTrips() {
        boolean reads = vectors.isEmpty() || vectors.stream().anyMatch(vector -> vector.decodes() && vector.content().isPresent());
        RoundTrip trip = new RoundTrip(format, probe, findings, reads);
        for (Vector vector : vectors) {
            if (!over() && vector.content().isPresent()) {
                if (vector.encodes()) {
                    trip.thereAndBack(vector.said(), vector.content().get(), vector.decodes());
                }
                if (vector.decodes()) {
                    trip.backAndThere(vector.said(), vector.bytes());
                }
            }
        }
        int number = 0;
        for (Recent sample : samples) {
            String what = "real message " + ++number;
            if (!over() && sample instanceof Recent.Encoded encoded) {
                trip.thereAndBack(what, encoded.content(), false);
            } else if (!over() && sample instanceof Recent.Decoded decoded) {
                trip.backAndThere(what, decoded.bytes());
            }
        }
    }

    private void samples() {
        Before before = new Before(format, probe, findings, tally);
        for (Recent sample : samples) {
            if (!over() && before.asBefore(sample)) {
                goodSamples++;
            }
        }
    }

    private Nonsense nonsense() {
        return new Nonsense(probe, findings, effort, this::over, good());
    }

    private boolean late() {
        return System.nanoTime() - patience > 0;
    }

    /** Whether there is no point, or no time, to go on. */
    private boolean over() {
        return findings.enough() || probe.hopeless() || late();
    }

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
        Collection<Bytes> inputs = new LinkedHashSet<>();
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
