package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.proof.Probe.Outcome;

/** There and back. */
final class RoundTrip {

    private final String format;
    private final Probe probe;
    private final Findings findings;
    private final boolean reads;

    /** @param reads whether it must read what it writes; else it may be there for writing only */
    RoundTrip(String format, Probe probe, Findings findings, boolean reads) {
        this.format = format;
        this.probe = probe;
        this.findings = findings;
        this.reads = reads;
    }

    /**
     * Content, written and read.
     *
     * @param exactly whether what comes back is the content; else, since a format may leave things away, only what is written of it is the same
     */
    void thereAndBack(String what, Content content, boolean exactly) {
        Bytes first = probe.encode(content).made();
        if (first == null) {
            return; // told by another check
        }
        Outcome<Content> back = probe.decode(first);
        if (findings.fault("decode of what encode made of " + what, back)) {
            return;
        }
        if (back.made() == null) {
            if (reads) {
                findings.add("encode of " + what + " gave " + Shown.of(first) + ", but decode fails on it: " + back.refused());
            }
            return;
        }
        if (exactly) {
            Differences.between(format, true, content, back.made()).stream().limit(3).forEach(one -> findings.add("decode of what encode made of "
                    + what + ": " + one.field() + " must be " + one.before() + ", it is " + one.after()));
        }
        Outcome<Bytes> again = probe.encode(back.made());
        if (!findings.fault("encode of what was read back of " + what, again) && again.made() != null && !again.made().equals(first)) {
            findings.add("encode of " + what + " gave " + Shown.of(first) + "; read and written again it must be the same, it is "
                    + Shown.of(again.made()));
        }
    }

    /** Bytes, read and written. */
    void backAndThere(String what, Bytes bytes) {
        Content first = probe.decode(bytes).made();
        Bytes written = first == null ? null : probe.encode(first).made();
        if (written == null) {
            return; // a format may read more than it writes
        }
        Outcome<Content> again = probe.decode(written);
        if (findings.fault("decode of what encode made of " + what, again)) {
            return;
        }
        if (again.made() == null) {
            findings.add("decode of " + what + " can be written as " + Shown.of(written) + ", but decode fails on that: " + again.refused());
            return;
        }
        Differences.between(format, true, first, again.made()).stream().limit(3).forEach(one -> findings.add("decode of " + what
                + ", written and read again: " + one.field() + " must be " + one.before() + ", it is " + one.after()));
    }
}
