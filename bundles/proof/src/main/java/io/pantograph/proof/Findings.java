package io.pantograph.proof;

import io.pantograph.proof.Probe.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Collects what was found. From any thread. */
final class Findings {

    private static final int MOST = 10;

    private final List<String> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    synchronized void add(String finding) {
        if (findings.size() < MOST) {
            findings.add(finding);
        }
    }

    synchronized void note(String note) {
        if (notes.size() < MOST) {
            notes.add(note);
        }
    }

    /** Adds what no codec may do, if it did. @return whether it did */
    boolean fault(String what, Outcome<?> outcome) {
        if (outcome.fault() != null) {
            add(what + ' ' + outcome.fault());
        }
        return outcome.fault() != null;
    }

    /** Whether it is clear enough. */
    synchronized boolean enough() {
        return findings.size() >= MOST;
    }

    synchronized int count() {
        return findings.size();
    }

    synchronized List<String> findings() {
        return List.copyOf(findings);
    }

    synchronized List<String> notes() {
        return List.copyOf(notes);
    }
}
