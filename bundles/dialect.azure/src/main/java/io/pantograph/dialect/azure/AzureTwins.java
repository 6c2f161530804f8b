package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Twins as IoT Hub has them, properties and components as Plug and Play and IoT Central have them. */
final class AzureTwins implements TwinGrammar {

    private static final String VERSION = "$version";
    private static final String MARK = "__t";
    private static final String COMPONENT = "c";
    private static final int LONGEST_NOTE = 1000;

    @Override
    public Frame read(String request) {
        return new Frame("$iothub/twin/GET/?$rid=" + request, Bytes.EMPTY, Qos.AT_LEAST_ONCE);
    }

    @Override
    public Frame report(String request, Bytes patch) {
        return new Frame("$iothub/twin/PATCH/properties/reported/?$rid=" + request, patch, Qos.AT_LEAST_ONCE);
    }

    @Override
    public Document document(Values body) {
        return new Document(section(body, "desired"), section(body, "reported"));
    }

    private static Section section(Values body, String name) {
        if (!(body.get(name) instanceof Values section)) {
            throw new IllegalArgumentException("a twin has the sections desired and reported; '" + name + "' is "
                    + (body.containsKey(name) ? "no object" : "missing"));
        }
        return new Section(content(section), version(section).orElseThrow(() -> new IllegalArgumentException(
                "the section '" + name + "' has no " + VERSION + " that is a whole number")));
    }

    @Override
    public Section change(Values body, OptionalLong told) {
        OptionalLong own = version(body);
        if (own.isEmpty() && told.isEmpty()) {
            throw new IllegalArgumentException("the change has no " + VERSION + " that is a whole number, and its topic has none either");
        }
        return new Section(content(body), own.isPresent() ? own.getAsLong() : told.getAsLong());
    }

    private static OptionalLong version(Values section) {
        return section.get(VERSION) instanceof Number number && isWhole(number) && number.longValue() >= 0
                ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    private static boolean isWhole(Number number) {
        return number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte;
    }

    /** What begins with $ is the hub's. */
    private static Values content(Values section) {
        Values.Builder content = Values.builder();
        section.forEach((name, value) -> {
            if (!name.startsWith("$")) {
                content.put(name, value);
            }
        });
        return content.build();
    }

    @Override
    public List<Wish> wishes(Values desired) {
        List<Wish> wishes = new ArrayList<>(desired.size());
        desired.forEach((name, value) -> {
            if (name.startsWith("$")) {
                return;
            }
            if (value instanceof Values inner && COMPONENT.equals(inner.get(MARK))) {
                Optional<String> component = Optional.of(name);
                inner.forEach((property, wanted) -> {
                    if (!property.equals(MARK) && !property.startsWith("$")) {
                        wishes.add(new Wish(component, property, wanted));
                    }
                });
            } else {
                wishes.add(new Wish(Optional.empty(), name, value));
            }
        });
        return wishes;
    }

    /** Without a note the one before goes, since what is reported is merged. */
    @Override
    public Values acknowledgement(Wish wish, int status, Optional<String> note, Object value, long version) {
        Values.Builder answer = Values.builder().put("value", value).put("ac", status).put("ad", note.map(AzureTwins::shortened).orElse(null));
        Values patch = Values.of(wish.property(), answer.put("av", version).build());
        return wish.component().isPresent() ? within(wish.component().get(), patch) : patch;
    }

    /** A note comes from handlers and their exceptions; an answer must not fail over its length. */
    private static String shortened(String note) {
        if (note.length() <= LONGEST_NOTE) {
            return note;
        }
        return note.substring(0, Character.isHighSurrogate(note.charAt(LONGEST_NOTE - 1)) ? LONGEST_NOTE - 1 : LONGEST_NOTE);
    }

    @Override
    public Values within(String component, Values patch) {
        Values.Builder marked = Values.builder().put(MARK, COMPONENT);
        patch.forEach(marked::put);
        return Values.of(component, marked.build());
    }

    /** A command of a component is called {@code component*command}, and its outcome is that component's. */
    @Override
    public Values outcome(String command, Object outcome) {
        int star = command.indexOf('*');
        if (star > 0 && star < command.length() - 1) {
            return within(command.substring(0, star), outcome(command.substring(star + 1), outcome));
        }
        return Values.of(command, Values.of("value", outcome));
    }

    @Override
    public void check(Values patch, int patchBytes) throws DeliveryException {
        new TwinRules().check(patch, patchBytes);
    }
}
