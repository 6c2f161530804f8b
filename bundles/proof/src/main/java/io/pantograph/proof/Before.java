package io.pantograph.proof;

import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Difference;
import io.pantograph.proof.Probe.Outcome;
import java.util.List;

/** Real messages, and what the version before made of them. */
final class Before {

    private final String format;
    private final Probe probe;
    private final Findings findings;
    private final Tally tally;

    Before(String format, Probe probe, Findings findings, Tally tally) {
        this.format = format;
        this.probe = probe;
        this.findings = findings;
        this.tally = tally;
    }

    /** Whether the message comes out as it did or, where that is not known, does no harm. */
    boolean asBefore(Recent sample) {
        return sample instanceof Recent.Encoded encoded ? written(encoded) : read((Recent.Decoded) sample);
    }

    private boolean written(Recent.Encoded sample) {
        Outcome<Bytes> outcome = probe.encode(sample.content());
        if (findings.fault("encode of a real message", outcome)) {
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
        if (findings.fault("decode of a real message", outcome)) {
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
}
