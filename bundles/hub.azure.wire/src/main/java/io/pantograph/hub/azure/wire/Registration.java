package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;

/** Who has come to be provisioned. */
final class Registration implements Party {

    private static final String FILTER = "$dps/registrations/res/#";
    private static final String ANSWER = "$dps/registrations/res/";
    private static final String REGISTER = "$dps/registrations/PUT/iotdps-register/?";
    private static final String POLL = "$dps/registrations/GET/iotdps-get-operationstatus/?";

    private final Provisioning provisioning;
    private final Line line;
    private final String id;
    private final Proof proof;
    private final Lane lane;
    private volatile Qos answers;
    private volatile ScheduledFuture<?> end;

    Registration(Provisioning provisioning, Line line, String id, Proof proof, Executor threads) {
        this.provisioning = provisioning;
        this.line = line;
        this.id = id;
        this.proof = proof;
        lane = new Lane(threads);
    }

    Proof proof() {
        return proof;
    }

    @Override
    public String clientId() {
        return id;
    }

    @Override
    public String session() {
        return "azure-dps/" + id;
    }

    @Override
    public void connected() {
        end = provisioning.endAfter(Duration.ofMinutes(10), () -> line.drop(session(), "a registration takes no longer than 10 minutes"));
    }

    @Override
    public void disconnected(Departure departure) {
        ScheduledFuture<?> limit = end;
        if (limit != null) {
            limit.cancel(false);
        }
    }

    @Override
    public FilterVerdict filter(String filter, Qos qos) {
        return filter.equals(FILTER) ? new FilterVerdict.Use(filter, qos == Qos.EXACTLY_ONCE ? Qos.AT_LEAST_ONCE : qos)
                : new FilterVerdict.Disconnect("filter '" + Names.visible(filter) + "' is none of provisioning; that is " + FILTER);
    }

    @Override
    public void subscribed(String filter, Qos qos) {
        answers = qos;
    }

    @Override
    public void unsubscribed(String filter) {
        answers = null;
    }

    @Override
    public PublishVerdict publish(Publication publication) {
        String topic = publication.topic();
        if (publication.qos() == Qos.EXACTLY_ONCE) {
            return new PublishVerdict.Disconnect("it published at QoS 2, which provisioning does not have; use QoS 0 or 1");
        }
        boolean register = topic.startsWith(REGISTER);
        if (!register && !topic.startsWith(POLL)) {
            return new PublishVerdict.Disconnect("topic '" + Names.visible(topic) + "' is none of provisioning");
        }
        Map<String, String> query;
        try {
            query = Grammar.raw(topic.substring(register ? REGISTER.length() : POLL.length()));
        } catch (IllegalArgumentException e) {
            return new PublishVerdict.Disconnect("topic '" + Names.visible(topic) + "' is malformed: " + Names.visible(e.getMessage()));
        }
        String rid = query.get("$rid");
        if (rid == null || rid.isEmpty() || rid.length() > Grammar.LONGEST_RID) {
            return new PublishVerdict.Disconnect("topic '" + Names.visible(topic) + "' is malformed: $rid must have 1 to " + Grammar.LONGEST_RID + " characters");
        }
        boolean taken = lane.offer(publication.payload().length(), () -> say(rid, register ? provisioning.register(this, publication.payload())
                : provisioning.poll(this, query.getOrDefault("operationId", ""))));
        if (!taken) {
            say(rid, provisioning.refused(new AzureException(AzureError.ThrottlingException, "too many requests wait")));
        }
        return new PublishVerdict.Consumed();
    }

    private void say(String rid, Provisioning.Answer answer) {
        Qos qos = answers;
        if (qos != null) {
            String retry = answer.retryAfter().isPresent() ? "&retry-after=" + answer.retryAfter().getAsInt() : "";
            line.handOver(session(), ANSWER + answer.status() + "/?$rid=" + rid + retry, answer.body(), qos);
        }
    }
}
