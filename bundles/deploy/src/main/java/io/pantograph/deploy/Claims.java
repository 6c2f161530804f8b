package io.pantograph.deploy;

import io.pantograph.api.model.Values;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of each file in the drop folder, also over a restart. Of two files with the same bundle the one that came later counts. */
final class Claims {

    /** How a file's release ended. */
    enum Outcome {
        /** It is on its way. */
        ASKED,
        /** It is in service, or was until something else took its place. */
        DONE,
        /** It never served; what is here may be of more help to it after a restart. */
        REFUSED,
        /** It served, and was taken back; these bytes are not tried again by themselves. */
        BACK
    }

    /**
     * One file's.
     *
     * @param sha256 of its bytes when it was looked at last; empty if that could not be
     * @param bundle name of what is in service by this file, or on its way; empty if nothing is
     * @param earlier what was in service by this file before that, and is again if it is refused
     * @param reason why it is not in service, or what took its place by another door; else empty
     */
    record Claim(String sha256, String bundle, String earlier, Outcome outcome, String reason) {

        Claim done(String by) {
            return new Claim(sha256, bundle, "", Outcome.DONE, by);
        }

        /** What had been asked for before these bytes came is at its end. */
        Claim over(String now) {
            return new Claim(sha256, now, now, outcome, reason);
        }

        Claim because(String why) {
            return new Claim(sha256, bundle, earlier, outcome, why);
        }

        Claim failed(Outcome how, String why) {
            return new Claim(sha256, earlier, earlier, how, why);
        }
    }

    private final Notes notes;
    private final Map<String, Claim> claims = new LinkedHashMap<>();

    Claims(Notes notes) {
        this.notes = notes;
        notes.read().forEach((file, value) -> {
            if (value instanceof Values one) {
                try {
                    claims.put(file, new Claim(one.text("sha256"), one.text("bundle"), one.text("earlier"), Outcome.valueOf(one.text("outcome")),
                            one.text("reason")));
                } catch (IllegalArgumentException e) {
                    // of another version of us: the file is looked at anew
                }
            }
        });
    }

    Optional<Claim> of(String file) {
        return Optional.ofNullable(claims.get(file));
    }

    List<String> files() {
        return List.copyOf(claims.keySet());
    }

    /** By which file this bundle is here. */
    Optional<String> owner(String bundle) {
        return claims.entrySet().stream().filter(one -> one.getValue().bundle().equals(bundle)).map(Map.Entry::getKey).reduce((older, newer) -> newer);
    }

    /** Of now, and so newer than all others. */
    void put(String file, Claim claim) throws IOException {
        claims.remove(file);
        claims.put(file, claim);
        write();
    }

    /** In its old place. */
    void change(String file, Claim claim) throws IOException {
        claims.put(file, claim);
        write();
    }

    void remove(String file) throws IOException {
        if (claims.remove(file) != null) {
            write();
        }
    }

    private void write() throws IOException {
        Values.Builder all = Values.builder();
        claims.forEach((file, one) -> all.put(file, Values.builder().put("sha256", one.sha256()).put("bundle", one.bundle())
                .put("earlier", one.earlier()).put("outcome", one.outcome().name()).put("reason", one.reason()).build()));
        notes.write(all.build());
    }
}
