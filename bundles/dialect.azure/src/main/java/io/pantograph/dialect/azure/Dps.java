package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Provisioning;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.azure.Percent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The Device Provisioning Service: register, and ask until it says which hub. */
final class Dps implements Provisioning {

    static final String HUB = "hub";
    static final String DEVICE = "device";

    private static final String ANSWERS = "$dps/registrations/res/";
    private static final String REGISTER = "$dps/registrations/PUT/iotdps-register/?$rid=";
    private static final String STATUS = "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=";
    private static final String API = "api-version=2019-03-31";
    private static final String POLICY = "registration";
    private static final int PAUSE_S = 3;
    private static final int LONGEST_PAUSE_S = 120;

    private final Registration registration;

    Dps(Registration registration) {
        this.registration = registration;
    }

    @Override
    public String key() {
        return registration.service() + "/" + resource();
    }

    private String resource() {
        return registration.scope() + "/registrations/" + registration.id();
    }

    @Override
    public Endpoint endpoint() {
        return registration.service();
    }

    @Override
    public Login login(Instant now) throws NoLoginException {
        Access.Pass pass = registration.access().pass(resource(), Optional.of(POLICY), now);
        String user = resource() + '/' + API + "&ClientVersion=" + Percent.encode(Manner.product(registration.form()));
        return new Login(registration.id(), Optional.of(user), pass.password(), true, registration.manner().keepAlive(), pass.validFor());
    }

    @Override
    public Optional<ClientCertificate> certificate() {
        return registration.access().certificate();
    }

    @Override
    public List<Subscription> subscriptions() {
        return List.of(new Subscription(ANSWERS + '#', Qos.AT_LEAST_ONCE));
    }

    @Override
    public Request register(String request) {
        Values.Builder body = Values.builder().put("registrationId", registration.id());
        registration.payload().ifPresent(payload -> body.put("payload", payload));
        return new Request(REGISTER + request, Content.of(body.build()));
    }

    @Override
    public Step read(String topic, Content body) {
        Reply reply = Reply.read(topic).orElse(null);
        if (reply == null) {
            return new Step.Other();
        }
        Values told = body.isObject() ? body.values() : Values.EMPTY;
        if (reply.status >= 300) {
            return refused(reply, text(told, "errorCode").orElse(String.valueOf(reply.status)), text(told, "message"), reply.status);
        }
        return switch (text(told, "status").orElse("").toLowerCase(Locale.ROOT)) {
            case "assigning" -> ask(reply, told);
            case "assigned" -> assigned(reply, told);
            case "failed" -> failed(reply, told);
            case "disabled" -> new Step.Refused(Reason.DEVICE_DISABLED, said("has disabled this registration"), Optional.empty());
            case "unassigned" -> new Step.Refused(Reason.HUB_UNAVAILABLE, said("has assigned this registration to no hub"), reply.pause);
            default -> new Step.Refused(Reason.HUB_UNAVAILABLE, said("answered " + reply.status + " without a status that is known"), reply.pause);
        };
    }

    private Step ask(Reply reply, Values told) {
        Optional<String> operation = text(told, "operationId");
        if (operation.isEmpty()) {
            return new Step.Refused(Reason.HUB_UNAVAILABLE, said("is assigning a hub, but names no operation to ask for"), reply.pause);
        }
        Request next = new Request(STATUS + reply.request + "&operationId=" + Percent.encode(operation.get()), Content.of(null));
        return new Step.Ask(next, reply.pause.orElse(Duration.ofSeconds(PAUSE_S)));
    }

    private Step assigned(Reply reply, Values told) {
        Values state = told.get("registrationState") instanceof Values values ? values : Values.EMPTY;
        Map<String, String> assignment = Map.of(HUB, text(state, "assignedHub").orElse(""),
                DEVICE, text(state, "deviceId").orElse(registration.id()));
        try {
            registration.at(assignment);
        } catch (IllegalArgumentException e) {
            return new Step.Refused(Reason.HUB_UNAVAILABLE, said("assigned something that is no hub: " + e.getMessage()), reply.pause);
        }
        return new Step.Assigned(assignment);
    }

    private Step failed(Reply reply, Values told) {
        Values state = told.get("registrationState") instanceof Values values ? values : Values.EMPTY;
        String code = text(state, "errorCode").orElse("no error code");
        return refused(reply, code, text(state, "errorMessage"), leading(code));
    }

    /** Error codes are an HTTP status and three digits more. */
    private static int leading(String code) {
        return code.length() >= 3 && code.chars().limit(3).allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(code.substring(0, 3)) : 500;
    }

    private Step refused(Reply reply, String code, Optional<String> message, int status) {
        String detail = said("refuses this registration") + " (" + Names.visible(code) + message.map(text -> ": " + Names.visible(text)).orElse("") + ')';
        return switch (status) {
            case 401 -> new Step.Refused(Reason.BAD_CREDENTIAL, detail + "; check id-scope, and the key or certificate", reply.pause);
            case 403 -> new Step.Refused(Reason.DEVICE_DISABLED, detail, reply.pause);
            case 404 -> new Step.Refused(Reason.BAD_CREDENTIAL, detail + "; there is no enrollment for it: check id-scope and registration-id", reply.pause);
            case 400, 405, 409, 412, 415 -> new Step.Refused(Reason.BAD_CREDENTIAL, detail, reply.pause);
            default -> new Step.Refused(Reason.HUB_UNAVAILABLE, detail, reply.pause);
        };
    }

    private String said(String what) {
        return "the provisioning service at " + registration.service().host() + ' ' + what;
    }

    /** Texts only, but numbers may stand for codes. */
    private static Optional<String> text(Values values, String name) {
        Object value = values.get(name);
        return value instanceof String text && !text.isEmpty() ? Optional.of(text)
                : value instanceof Integer || value instanceof Long ? Optional.of(value.toString()) : Optional.empty();
    }

    @Override
    public Profile assigned(Map<String, String> assignment) {
        return registration.at(assignment);
    }

    /** The topic of an answer: {@code {status}/?$rid={request}[&retry-after={seconds}]}. */
    private record Reply(int status, String request, Optional<Duration> pause) {

        static Optional<Reply> read(String topic) {
            if (!topic.startsWith(ANSWERS) || !topic.startsWith("/?", ANSWERS.length() + 3)) {
                return Optional.empty();
            }
            int status = Query.status(topic.substring(ANSWERS.length(), ANSWERS.length() + 3));
            String query = topic.substring(ANSWERS.length() + 5);
            String request = Query.value(query, "$rid");
            if (status < 0 || request.isEmpty()) {
                return Optional.empty();
            }
            String after = Query.value(query, "retry-after");
            return Optional.of(new Reply(status, request, Query.isNumber(after)
                    ? Optional.of(Duration.ofSeconds(Math.max(1, Math.min(LONGEST_PAUSE_S, Long.parseLong(after))))) : Optional.empty()));
        }
    }
}
