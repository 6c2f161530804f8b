package io.pantograph.codecs;

import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.Recent;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Candidates, and what is common to them. */
final class Exchange implements CodecExchange {

    final Formats formats;
    final Crew crew;
    private final Supplier<Duration> drain;

    Exchange(Formats formats, Crew crew, Supplier<Duration> drain) {
        this.formats = formats;
        this.crew = crew;
        this.drain = drain;
    }

    @Override
    public Candidate hold(long bundle) {
        return new Tried(this, formats.hold(bundle));
    }

    @Override
    public List<Recent> recent(String format) {
        return formats.route(format).recent();
    }

    Duration drain() {
        return drain.get();
    }
}
