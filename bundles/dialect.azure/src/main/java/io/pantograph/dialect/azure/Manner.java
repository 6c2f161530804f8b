package io.pantograph.dialect.azure;

import io.pantograph.api.model.Names;
import io.pantograph.azure.Percent;
import java.time.Duration;
import java.util.Optional;

/**
 * How this device speaks, whatever hub it speaks to.
 *
 * @param query of the user name, with its ?
 * @param eventProperty application property that carries the name of an event
 * @param codecProperty application property that carries which codec wrote an event
 * @param cloudFormat in which cloud-to-device messages are; empty: as each says
 * @param methodPatience after which nobody waits for the answer to a method
 */
record Manner(String query, boolean cleanSession, Duration keepAlive, Optional<String> eventProperty, Optional<String> codecProperty,
        Optional<String> cloudFormat, Duration methodPatience) {

    private static final String API = "?api-version=2021-04-12";
    private static final String PRODUCT = "pantograph";
    private static final int LONGEST_PRODUCT = 256;
    private static final int KEEP_ALIVE_S = 60;
    /** The hub's own bound: it cuts at one and a half of what was said, and at 1767 s at the latest. */
    private static final int LONGEST_KEEP_ALIVE_S = 1177;
    /** The longest that the hub lets anybody wait. */
    private static final int METHOD_PATIENCE_S = 300;

    static Manner of(Form form) {
        Optional<String> model = form.text("model-id").map(ModelId::check);
        Optional<String> event = property(form, "event-property");
        Optional<String> codec = property(form, "codec-property");
        if (codec.isPresent() && codec.equals(event)) {
            throw Form.wrong("codec-property", codec.get(), "is the event-property already; a property has one value, so give one of them another name");
        }
        return new Manner(API + "&DeviceClientType=" + Percent.encode(product(form)) + model.map(id -> "&model-id=" + Percent.encode(id)).orElse(""),
                form.flag("clean-session", false),
                Duration.ofSeconds(form.number("keep-alive-s", 5, LONGEST_KEEP_ALIVE_S).orElse(KEEP_ALIVE_S)),
                event, codec,
                form.text("c2d-format").map(name -> Names.check("c2d-format", name)),
                Duration.ofSeconds(form.number("method-patience-s", 1, METHOD_PATIENCE_S).orElse(METHOD_PATIENCE_S)));
    }

    static String product(Form form) {
        String info = form.text("product-info").orElse("");
        if (info.length() > LONGEST_PRODUCT || !info.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw Form.wrong("product-info", info, "must be at most " + LONGEST_PRODUCT + " printable ASCII characters");
        }
        return info.isEmpty() ? PRODUCT : info + ' ' + PRODUCT;
    }

    private static Optional<String> property(Form form, String setting) {
        Optional<String> name = form.text(setting);
        if (name.isPresent() && (name.get().length() > 128 || name.get().startsWith("$"))) {
            throw Form.wrong(setting, name.get(), "must be the name of an application property, at most 128 characters and not beginning with $");
        }
        return name;
    }
}
