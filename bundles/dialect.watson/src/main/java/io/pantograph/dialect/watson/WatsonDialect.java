package io.pantograph.dialect.watson;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.dialect.DialectName;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Login;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * The devices' and gateways' side of IBM Watson IoT. The settings are those of IBM's own programs, described in
 * {@link DeviceForm}. A device without an organisation, or with the organisation {@code quickstart}, is not registered:
 * Quickstart needs no setting at all; its type is then {@code device} and its id that of the gateway.
 */
@Component
@DialectName(name = "watson")
public final class WatsonDialect implements Dialect {

    private static final String USER = "use-token-auth";
    private static final int KEEP_ALIVE_S = 30;

    @Override
    public Profile profile(Map<String, String> settings, Defaults defaults) {
        Form form = new Form(settings);
        String org = Ids.checkOrg("org", form.text("org").orElse(Ids.QUICKSTART));
        boolean quickstart = org.equals(Ids.QUICKSTART);
        if (form.text("org").isEmpty() && form.text("auth-token").isPresent()) {
            throw new IllegalArgumentException("org is missing: with an auth-token, name the organisation that registered the device; "
                    + "without both, it is Quickstart");
        }
        DeviceId device = quickstart ? guest(form, defaults)
                : new DeviceId(Ids.check("type", required(form, "type")), Ids.check("id", required(form, "id")));
        boolean gateway = form.flag("gateway", false);
        if (quickstart && gateway) {
            throw new IllegalArgumentException("gateway 'true' needs a registration: Quickstart knows devices only");
        }
        Endpoint endpoint = Address.of(form, org, defaults);
        return new WatsonProfile(device, endpoint, quickstart ? guestLogin(form, device) : login(form, org, device, gateway), gateway, quickstart);
    }

    private static DeviceId guest(Form form, Defaults defaults) {
        String id = form.text("id").or(() -> defaults.name().map(Ids::from).filter(Ids::valid))
                .orElseThrow(() -> new IllegalArgumentException("id is missing: even in Quickstart each device has one"));
        return new DeviceId(Ids.check("type", form.text("type").orElse("device")), Ids.check("id", id));
    }

    private static Login guestLogin(Form form, DeviceId device) {
        if (!form.flag("clean-session", true)) {
            throw new IllegalArgumentException("clean-session 'false' needs a registration: Quickstart keeps nothing for those who are away");
        }
        return new Login("d:" + Ids.QUICKSTART + ':' + device.type() + ':' + device.name(), Optional.empty(), Optional.empty(), true,
                keepAlive(form), Optional.empty());
    }

    private static Login login(Form form, String org, DeviceId device, boolean gateway) {
        String method = form.text("auth-method").orElse("token");
        if (!method.equals("token")) {
            throw Form.wrong("auth-method", method, "must be token, the only one there is for devices"
                    + (method.equals("apikey") ? " (API keys are for applications)" : ""));
        }
        Secret token = Secret.of(required(form, "auth-token"));
        return new Login((gateway ? "g:" : "d:") + org + ':' + device.type() + ':' + device.name(), Optional.of(USER), Optional.of(token),
                form.flag("clean-session", true), keepAlive(form), Optional.empty());
    }

    private static Duration keepAlive(Form form) {
        return Duration.ofSeconds(form.number("keep-alive", 5, 3600).orElse(KEEP_ALIVE_S));
    }

    private static String required(Form form, String name) {
        return form.text(name).orElseThrow(() -> new IllegalArgumentException(name
                + " is missing: a registered device needs org, type, id and auth-token (without any of them it is Quickstart)"));
    }
}
