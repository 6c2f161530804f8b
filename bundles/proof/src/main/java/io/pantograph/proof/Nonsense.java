package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.proof.Probe.Outcome;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What nobody should send: a codec may refuse it or read it, but nothing else. */
final class Nonsense {

    private final Probe probe;
    private final Findings findings;
    private final Effort effort;
    private final BooleanSupplier over;
    private final Map<String, Bytes> good;
    private final Set<String> thrown = new HashSet<>();

    /** @param good bytes to spoil, by what they are */
    Nonsense(Probe probe, Findings findings, Effort effort, BooleanSupplier over, Map<String, Bytes> good) {
        this.probe = probe;
        this.findings = findings;
        this.effort = effort;
        this.over = over;
        this.good = good;
    }

    /** Small. */
    void hostile(List<Content> goodContents) {
        for (Hostile.Input input : Hostile.small(good, effort)) {
            if (over.getAsBoolean()) {
                return;
            }
            harmless(input.what(), input.bytes());
        }
        Map<String, Content> contents = new LinkedHashMap<>(Hostile.contents());
        int number = 0;
        for (Content content : goodContents) {
            if (number++ < 16) {
                contents.putAll(Hostile.spoilt("good content", content));
            }
        }
        contents.forEach(this::strange);
    }

    private void harmless(String what, Bytes bytes) {
        Outcome<Content> outcome = probe.decode(bytes);
        if (!findings.fault("decode of " + what, outcome) && outcome.made() != null) {
            findings.fault("encode of what decode made of " + what, probe.encode(outcome.made()));
        }
    }

    // The framework stands between an author's exception and the publisher, so this one is only a matter of good manners; but each
    // is a strike for the codec, so an installer asks no further.
    private void strange(String what, Content content) {
        if (over.getAsBoolean() || effort == Effort.INSTALLER && !thrown.isEmpty()) {
            return;
        }
        Outcome<Bytes> outcome = probe.encode(content);
        if (outcome.fault() != null && outcome.fault().startsWith("threw ")) {
            if (!thrown.add(outcome.fault())) {
                return; // told once
            }
            findings.note("encode of " + what + ' ' + outcome.fault() + "; a CodecException that says what would be right tells the publisher more");
        } else {
            findings.fault("encode of " + what, outcome);
        }
    }

    /** Large. */
    void bounds() {
        for (Map.Entry<String, Supplier<Bytes>> input : Hostile.large(good).entrySet()) {
            if (over.getAsBoolean()) {
                return;
            }
            harmless(input.getKey(), input.getValue().get());
        }
        Hostile.largeContents().forEach(this::strange);
    }
}
