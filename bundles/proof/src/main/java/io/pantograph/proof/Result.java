package io.pantograph.proof;

import io.pantograph.api.operator.Difference;
import java.util.List;

/**
 * What a self-test found.
 *
 * @param vectors golden vectors passed
 * @param samples real messages that came out as they did before, or, where that is not known, did no harm
 * @param compared real messages of which it is known what the version before made of them
 * @param different of these, those that came out differently: a fault or what the new version is for, so that is for the trial's limit to say
 * @param findings why the codec must not serve, each one sentence: what, what was expected, what was found; at most 10
 * @param notes what its author should know, but what harms nobody, each one sentence
 * @param differences of the real messages, by field; at most 20
 */
public record Result(int vectors, int samples, long compared, long different, List<String> findings, List<String> notes,
        List<Difference> differences) {

    public Result {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
        differences = List.copyOf(differences);
    }

    /** Whether there is no finding. */
    public boolean passed() {
        return findings.isEmpty();
    }
}
