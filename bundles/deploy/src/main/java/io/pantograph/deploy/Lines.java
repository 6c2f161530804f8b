package io.pantograph.deploy;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Difference;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.State;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/** How the journal's lines are written: a checksum of eight characters, a blank, and JSON in the words of the operator's documents. */
final class Lines {

    private static final int SUM = 8;

    private Lines() {
    }

    /** With its line end. */
    static byte[] line(Values values) throws IOException {
        try {
            byte[] text = JsonWriter.write(values).toArray();
            byte[] line = Arrays.copyOf((sum(text, 0) + ' ').getBytes(StandardCharsets.US_ASCII), SUM + 1 + text.length + 1);
            System.arraycopy(text, 0, line, SUM + 1, text.length);
            line[line.length - 1] = '\n';
            return line;
        } catch (CodecException e) {
            throw new IOException("cannot be journalled: " + e.getMessage(), e);
        }
    }

    private static String sum(byte[] bytes, int from) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, bytes.length - from);
        return String.format("%08x", sum.getValue());
    }

    /** @param line without its end; empty if it is torn or was tampered with */
    static Optional<Values> values(byte[] line) {
        if (line.length <= SUM + 1 || !sum(line, SUM + 1).equals(new String(line, 0, SUM, StandardCharsets.ISO_8859_1))) {
            return Optional.empty();
        }
        try {
            return Optional.of((Values) JsonReader.readAnswer(Bytes.of(Arrays.copyOfRange(line, SUM + 1, line.length))));
        } catch (CodecException | ClassCastException e) {
            return Optional.empty();
        }
    }

    static Deployment deployment(Values values) {
        return new Deployment(values.text("id"), values.text("door"), state(values), otherwise(values, "reason"),
                values.list("bundles").stream().map(part -> part((Values) part)).toList(),
                values.list("history").stream().map(step -> step((Values) step)).toList(),
                Instant.parse(values.text("begun")), text(values, "ended").map(Instant::parse));
    }

    private static Deployment.Step step(Values values) {
        return new Deployment.Step(Instant.parse(values.text("time")), state(values), values.text("said"));
    }

    private static Part part(Values values) {
        return new Part(values.text("name"), text(values, "version"), text(values, "before"), text(values, "sha256"), state(values),
                evidence(values.values("evidence")), otherwise(values, "reason"));
    }

    private static State state(Values values) {
        String word = values.text("state");
        return Arrays.stream(State.values()).filter(state -> state.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no state"));
    }

    static Evidence evidence(Values values) {
        return new Evidence((int) values.integer("vectors"), (int) values.integer("samples"), values.integer("calls"), values.integer("wanted"),
                values.integer("errors"), values.integer("fallbacks"), micros(values, "p50-us"), micros(values, "p99-us"),
                values.integer("compared"), values.integer("different"),
                values.list("differences").stream().map(one -> difference((Values) one)).toList());
    }

    private static Difference difference(Values values) {
        return new Difference(values.text("format"), values.text("direction").equals("decode"), values.text("field"),
                values.text("before"), values.text("after"), values.integer("count"));
    }

    private static Duration micros(Values values, String name) {
        return Duration.ofNanos(Math.round(values.number(name) * 1_000));
    }

    private static Optional<String> text(Values values, String name) {
        return values.containsKey(name) ? Optional.of(values.text(name)) : Optional.empty();
    }

    private static String otherwise(Values values, String name) {
        return text(values, name).orElse("");
    }

}
