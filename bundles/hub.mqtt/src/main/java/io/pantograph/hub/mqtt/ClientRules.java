package io.pantograph.hub.mqtt;

import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishOutboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishOutboundOutput;
import com.hivemq.extension.sdk.api.interceptor.pubrel.parameter.PubrelInboundInput;
import com.hivemq.extension.sdk.api.interceptor.pubrel.parameter.PubrelInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundInput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.unsubscribe.parameter.UnsubscribeInboundInput;
import com.hivemq.extension.sdk.api.interceptor.unsubscribe.parameter.UnsubscribeInboundOutput;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.ModifiablePublishPacket;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.packets.subscribe.ModifiableSubscription;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what one client does before the rules, and does what they say. HiveMQ calls it in the order of the client's packets. */
final class ClientRules {

    private static final Logger LOG = LoggerFactory.getLogger(ClientRules.class);

    /** Stands for a filter the rules refused: HiveMQ lets us alter filters here, but refuses them elsewhere, see {@link #refusal}. */
    private static final String REFUSED = "$refused";
    /** Of QoS 2 messages in the middle of their handshake; a client that never finishes them would fill the memory. */
    private static final int MOST_UNRELEASED = 2_000;

    private final Peer peer;
    private final HubRules rules;

    ClientRules(Peer peer, HubRules rules) {
        this.peer = peer;
        this.rules = rules;
    }

    /** What HiveMQ must know to answer 0x80 for a refused filter. */
    static TopicPermission refusal() {
        return Builders.topicPermission().topicFilter(REFUSED).activity(TopicPermission.MqttActivity.SUBSCRIBE)
                .type(TopicPermission.PermissionType.DENY).build();
    }

    void published(PublishInboundInput in, PublishInboundOutput out) {
        PublishPacket packet = in.getPublishPacket();
        peer.meter.readMessages.incrementAndGet();
        if (peer.isCut()) {
            out.preventPublishDelivery(AckReasonCode.NOT_AUTHORIZED);
            return;
        }
        Qos qos = Qos.of(packet.getQos().getQosNumber());
        if (qos == Qos.EXACTLY_ONCE && peer.hold() > MOST_UNRELEASED) {
            cut("more than " + MOST_UNRELEASED + " QoS 2 messages are not released");
            out.preventPublishDelivery(AckReasonCode.NOT_AUTHORIZED);
            return;
        }
        try {
            Bytes payload = packet.getPayload().map(Payload::copy).orElse(Bytes.EMPTY);
            apply(rules.publish(peer.client(), new Publication(packet.getTopic(), payload, qos, packet.getRetain(), false)), packet, out);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the rules failed on a message of {}", peer.client().clientId(), e);
            apply(new PublishVerdict.Disconnect("the hub failed"), packet, out);
        }
    }

    private void apply(PublishVerdict verdict, PublishPacket packet, PublishInboundOutput out) {
        if (verdict instanceof PublishVerdict.Route route && route.topic().length() > Engine.MAX_ROUTED_TOPIC) {
            apply(new PublishVerdict.Disconnect("its topic is longer than " + Engine.MAX_ROUTED_TOPIC + " characters"), packet, out);
        } else if (verdict instanceof PublishVerdict.Route route) {
            ModifiablePublishPacket altered = out.getPublishPacket();
            if (!route.topic().equals(packet.getTopic())) {
                altered.setTopic(route.topic());
            }
            if (packet.getRetain()) {
                altered.setRetain(false);
            }
        } else if (verdict instanceof PublishVerdict.Disconnect disconnect) {
            cut(disconnect.reason());
            out.preventPublishDelivery(AckReasonCode.NOT_AUTHORIZED);
        } else {
            out.preventPublishDelivery(AckReasonCode.SUCCESS);
        }
    }

    void released(PubrelInboundInput in, PubrelInboundOutput out) {
        peer.release();
    }

    void delivered(PublishOutboundInput in, PublishOutboundOutput out) {
        String topic = in.getPublishPacket().getTopic();
        try {
            String shown = rules.deliver(peer.client(), topic);
            if (!shown.equals(topic)) {
                out.getPublishPacket().setTopic(shown);
            }
            peer.meter.writtenMessages.incrementAndGet();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the rules failed on a delivery to {}", peer.client().clientId(), e);
            out.preventPublishDelivery();
        }
    }

    void subscribed(SubscribeInboundInput in, SubscribeInboundOutput out) {
        List<Optional<FilterVerdict.Use>> granted = new ArrayList<>();
        for (ModifiableSubscription wanted : out.getSubscribePacket().getSubscriptions()) {
            FilterVerdict verdict = verdict(wanted.getTopicFilter(), Qos.of(wanted.getQos().getQosNumber()));
            if (verdict instanceof FilterVerdict.Use use && use.filter().length() <= Engine.MAX_ROUTED_TOPIC) {
                wanted.setTopicFilter(use.filter());
                wanted.setQos(com.hivemq.extension.sdk.api.packets.general.Qos.valueOf(use.qos().level()));
                granted.add(Optional.of(use));
            } else {
                wanted.setTopicFilter(REFUSED);
                granted.add(Optional.empty());
                if (verdict instanceof FilterVerdict.Disconnect disconnect) {
                    cut(disconnect.reason());
                }
            }
        }
        peer.grants.subscribes(in.getSubscribePacket().getPacketId(), granted);
    }

    void unsubscribed(UnsubscribeInboundInput in, UnsubscribeInboundOutput out) {
        List<String> filters = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (String filter : in.getUnsubscribePacket().getTopicFilters()) {
            FilterVerdict verdict = verdict(filter, Qos.AT_MOST_ONCE);
            if (verdict instanceof FilterVerdict.Use use && use.filter().length() <= Engine.MAX_ROUTED_TOPIC) {
                filters.add(use.filter());
                gone.add(use.filter());
            } else {
                filters.add(REFUSED);
                if (verdict instanceof FilterVerdict.Disconnect disconnect) {
                    cut(disconnect.reason());
                }
            }
        }
        peer.grants.unsubscribes(in.getUnsubscribePacket().getPacketIdentifier(), gone);
        out.getUnsubscribePacket().setTopicFilters(filters);
    }

    private FilterVerdict verdict(String filter, Qos qos) {
        try {
            return peer.isCut() ? new FilterVerdict.Refuse("the connection is ending") : rules.filter(peer.client(), filter, qos);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the rules failed on a filter of {}", peer.client().clientId(), e);
            return new FilterVerdict.Disconnect("the hub failed");
        }
    }

    private void cut(String reason) {
        peer.cut(Departure.Cause.RULE, reason);
    }
}
