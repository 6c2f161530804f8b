package io.pantograph.twin;

import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A cloud's way with twins, made up: topics {@code get/NAME} and {@code patch/NAME}; {@code "v"} is the version, {@code "__c"} marks a component. */
final class PlainGrammar implements TwinGrammar {

    int mostBytes = 500;

    @Override
    public Frame read(String request) {
        return new Frame("get/" + request, Bytes.EMPTY, Qos.AT_LEAST_ONCE);
    }

    @Override
    public Frame report(String request, Bytes patch) {
        return new Frame("patch/" + request, patch, Qos.AT_LEAST_ONCE);
    }

    @Override
    public Document document(Values body) {
        return new Document(section(body.values("desired")), section(body.values("reported")));
    }

    private static Section section(Values values) {
        return new Section(without(values, "v"), values.integer("v"));
    }

    static Values without(Values values, String left) {
        Values.Builder out = Values.builder();
        values.forEach((name, value) -> {
            if (!name.equals(left)) {
                out.put(name, value);
            }
        });
        return out.build();
    }

    @Override
    public Section change(Values body, OptionalLong told) {
        return section(body);
    }

    @Override
    public List<Wish> wishes(Values desired) {
        List<Wish> wishes = new ArrayList<>();
        desired.forEach((name, value) -> {
            if (value instanceof Values inner && inner.containsKey("__c")) {
                without(inner, "__c").forEach((property, one) -> wishes.add(new Wish(Optional.of(name), property, one)));
            } else {
                wishes.add(new Wish(Optional.empty(), name, value));
            }
        });
        return wishes;
    }

    @Override
    public Values acknowledgement(Wish wish, int status, Optional<String> note, Object value, long version) {
        Values answer = Values.of("value", value, "ac", status, "av", version);
        Values patch = Values.of(wish.property(), note.isEmpty() ? answer : Merge.apply(answer, Values.of("ad", note.get())));
        return wish.component().map(component -> within(component, patch)).orElse(patch);
    }

    @Override
    public Values within(String component, Values patch) {
        return Values.of(component, Merge.compose(Values.of("__c", true), patch));
    }

    @Override
    public Values outcome(String command, Object outcome) {
        return Values.of(command, Values.of("value", outcome));
    }

    @Override
    public void check(Values patch, int patchBytes) throws DeliveryException {
        if (patchBytes > mostBytes) {
            throw new DeliveryException(Reason.TOO_LARGE, patchBytes + " bytes, at most " + mostBytes);
        }
    }
}
