package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says no in the cloud's form, so that its clients throw what their users catch. */
final class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Answers answers;
    private final Clock clock;

    Refusals(Answers answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    /** Whatever went wrong. What is no answer to the asker but a fault of ours is logged, with the id that the asker is told. */
    HttpAnswer of(HttpRequest request, Throwable why) {
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        String tracking = tracking();
        if (cause instanceof AzureException refusal) {
            return of(refusal, tracking, Map.of());
        }
        log.error("{} {} failed; tracking id {}", Names.visible(request.method()), Names.visible(request.path()), tracking, cause);
        return of(new AzureException(AzureError.ServerError, "the hub failed, its log says more"), tracking, Map.of());
    }

    HttpAnswer wrongMethod(HttpRequest request, String allowed) {
        return of(new AzureException(AzureError.MethodNotAllowed,
                "method " + Names.visible(request.method()) + " is not known here, use " + allowed), tracking(), Map.of("Allow", allowed));
    }

    private HttpAnswer of(AzureException refusal, String tracking, Map<String, String> more) {
        AzureError error = refusal.error();
        Map<String, String> headers = new HashMap<>(more);
        headers.put("iothub-errorcode", error.name());
        if (error.status() == 401) {
            headers.put("WWW-Authenticate", "SharedAccessSignature");
        }
        if (error.status() == 429) {
            headers.put("Retry-After", "1");
        }
        // A client takes the text between the first semicolon and the next.
        String message = "ErrorCode:" + error.name() + ';' + refusal.getMessage().replace(';', ',');
        String exception = "Tracking ID:" + tracking + "-TimeStamp:" + TIME.format(clock.instant());
        return answers.with(error.status(), Values.of("Message", message, "ExceptionMessage", exception), headers);
    }

    private static String tracking() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return String.format("%016x%016x", random.nextLong(), random.nextLong());
    }
}
