package io.pantograph.codecs;

import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.CodecStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How each codec does, read off the slots. */
final class Board implements CodecBoard {

    private static final List<String> ORDER = List.of("serving", "canary", "standing by", "held", "quarantined");

    private final Formats formats;

    Board(Formats formats) {
        this.formats = formats;
    }

    @Override
    public List<CodecStatus> codecs() {
        List<CodecStatus> all = new ArrayList<>();
        formats.all().forEach((format, here) -> {
            Generation now = formats.route(format).generation();
            here.stream().map(slot -> status(format, slot, now)).sorted(Comparator.comparingInt(one -> ORDER.indexOf(one.place())))
                    .forEach(all::add);
        });
        return all;
    }

    private CodecStatus status(String format, Slot slot, Generation now) {
        return new CodecStatus(format, slot.origin.bundle(), slot.origin.version().toString(), slot.origin.sha256(), place(slot, now),
                slot.calls(), slot.errors(), slot.ward.strikes(), slot.ward.stuckThreads(), slot.ward.reason());
    }

    private String place(Slot slot, Generation now) {
        if (!slot.ward.open()) {
            return "quarantined";
        }
        boolean partial = now.beside() != null && now.tryout() instanceof Probation probation && probation.partial();
        if (now.current() == slot) {
            return partial ? "canary" : "serving";
        }
        if (now.beside() == slot && partial) {
            return "serving";
        }
        return formats.held(slot) ? "held" : "standing by";
    }
}
