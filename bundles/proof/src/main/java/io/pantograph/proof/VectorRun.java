package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Difference;
import io.pantograph.proof.Probe.Outcome;

/** Golden vectors, one at a time. */
final class VectorRun {

    private final String format;
    private final Probe probe;
    private final Findings findings;

    VectorRun(String format, Probe probe, Findings findings) {
        this.format = format;
        this.probe = probe;
        this.findings = findings;
    }

    /** Whether the codec does what the vector says. */
    boolean passes(Vector vector) {
        int before = findings.count();
        if (vector.content().isEmpty()) {
            refuses(vector);
        } else {
            if (vector.decodes()) {
                reads(vector, vector.content().get());
            }
            if (vector.encodes()) {
                writes(vector, vector.content().get());
            }
        }
        return findings.count() == before;
    }

    private void refuses(Vector vector) {
        String what = "decode of " + vector.said();
        Outcome<Content> outcome = probe.decode(vector.bytes());
        if (!findings.fault(what, outcome) && outcome.made() != null) {
            findings.add(what + " must fail with a CodecException, but it gave " + Shown.of(outcome.made()));
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
        if (!findings.fault(what, outcome)) {
            findings.add(what + " must give " + expected + ", but it failed: " + outcome.refused());
        }
    }
}
