package io.pantograph.codecs;

import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/** One direction of a format: what is done there, and what was done last. */
final class Way<I, O> {

    final String format;
    final Step<I, O> step;
    final boolean decoding;
    final Samples<I, O> samples;

    private Way(String format, Step<I, O> step, boolean decoding, AtomicLong order, BiFunction<I, O, Recent> noted) {
        this.format = format;
        this.step = step;
        this.decoding = decoding;
        samples = new Samples<>(order, noted);
    }

    static Way<Content, Bytes> encoding(String format, AtomicLong order) {
        return new Way<>(format, Step.ENCODE, false, order, (content, made) -> new Recent.Encoded(content, Optional.ofNullable(made)));
    }

    static Way<Bytes, Content> decoding(String format, AtomicLong order) {
        return new Way<>(format, Step.DECODE, true, order, (bytes, made) -> new Recent.Decoded(bytes, Optional.ofNullable(made)));
    }

    @Override
    public String toString() {
        return (decoding ? "decoding '" : "encoding '") + format + "'";
    }
}
