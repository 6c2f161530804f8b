package io.pantograph.hub.azure.rest;

import static io.pantograph.api.azure.Right.ServiceConnect;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages to devices, and what became of them. Sending is not in the cloud's current REST reference, where it is AMQP's; the headers
 * are those its older clients send: {@code iothub-messageid}, {@code iothub-correlationid}, {@code iothub-userid}, {@code iothub-to},
 * {@code iothub-ack}, {@code iothub-expiry} (ISO 8601, absolute), {@code iothub-contenttype}, {@code iothub-contentencoding}, and
 * {@code iothub-app-NAME} for each property of the application's own.
 *
 * <p>HTTP does not keep the case of a header's name, so such properties arrive in lower case. Who needs them as they are sends
 * {@code iothub-properties}: a property bag as at the end of a topic, percent-encoded; then
 * the others do not count (this hub's own addition).
 */
final class Inbox {

    private static final String FEEDBACK = "messages/serviceBound/feedback";
    private static final List<String> ACKS = List.of("none", "positive", "negative", "full");

    private final CloudMessages messages;
    private final Answers answers;

    Inbox(CloudMessages messages, Answers answers) {
        this.messages = messages;
        this.answers = answers;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "devices/{d}/messages/deviceBound", ServiceConnect, this::send),
                Route.of("POST", "devices/{d}/modules/{m}/messages/deviceBound", ServiceConnect, this::send),
                Route.of("DELETE", "devices/{d}/commands", ServiceConnect, this::purge),
                Route.of("DELETE", "devices/{d}/modules/{m}/commands", ServiceConnect, this::purge),
                Route.of("GET", FEEDBACK, ServiceConnect, this::feedback),
                Route.of("DELETE", FEEDBACK + "/{lock}", ServiceConnect, call -> settle(call, true)),
                Route.of("POST", FEEDBACK + "/{lock}/abandon", ServiceConnect, call -> settle(call, false)));
    }

    private HttpAnswer send(Call call) throws AzureException {
        Identity to = call.identity();
        Map<String, String> system = Headers.system(call);
        system.putIfAbsent("to", "/devices/" + to.device() + to.module().map(id -> "/modules/" + id).orElse("") + "/messages/deviceBound");
        Optional<String> ack = call.header("iothub-ack");
        if (ack.isPresent()) {
            system.put("iothub-ack", ack(ack.get()));
        }
        Optional<String> expiry = call.header("iothub-expiry");
        if (expiry.isPresent()) {
            system.put("absolute-expiry-time", time(expiry.get()).toString());
        }
        CloudMessage sent = messages.send(to, system, Headers.properties(call), call.request().body());
        Map<String, String> told = new HashMap<>();
        Optional.ofNullable(sent.system().get("message-id")).filter(Headers::carries).ifPresent(id -> told.put("iothub-messageid", id));
        return new HttpAnswer.Whole(204, told, Bytes.EMPTY);
    }

    private static String ack(String text) throws AzureException {
        for (String ack : ACKS) {
            if (ack.equalsIgnoreCase(text.strip())) {
                return ack;
            }
        }
        throw Call.invalid("header iothub-ack '" + Names.visible(text) + "' must be one of " + ACKS);
    }

    private static Instant time(String text) throws AzureException {
        try {
            return OffsetDateTime.parse(text.strip()).toInstant();
        } catch (DateTimeException e) {
            throw Call.invalid("header iothub-expiry '" + Names.visible(text) + "' must be a time like 2030-12-31T23:59:59Z");
        }
    }

    private HttpAnswer purge(Call call) throws AzureException {
        Identity of = call.identity();
        int purged = messages.purge(of);
        return answers.ok(Values.of("totalMessagesPurged", purged, "deviceId", of.device(), "moduleId", of.module().orElse(null)));
    }

    private HttpAnswer feedback(Call call) {
        Optional<CloudMessages.Feedback> found = messages.feedback();
        if (found.isEmpty()) {
            return answers.nothing();
        }
        return answers.ok(found.get().records(), Map.of(
                "Content-Type", "application/vnd.microsoft.iothub.feedback.json", "ETag", '"' + found.get().lock() + '"'));
    }

    private HttpAnswer settle(Call call, boolean done) throws AzureException {
        if (!messages.settle(Call.unquoted(call.at("lock")), done)) {
            throw new AzureException(AzureError.DeviceMessageLockLost, "this lock is over; ask for the records again");
        }
        return answers.nothing();
    }
}
