package io.pantograph.hub.mqtt;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import com.hivemq.configuration.service.MqttConfigurationService.QueuedMessagesStrategy;
import com.hivemq.mqtt.message.MessageWithID;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.pubrel.PUBREL;
import com.hivemq.persistence.clientqueue.ClientQueueLocalPersistence;
import java.util.List;

/**
 * HiveMQ's queues of its clients, with {@link Payloads} told which messages may be lost. A list of messages is what a new subscriber gets
 * of retained ones; they go to disk whatever their QoS.
 */
final class Queues implements ClientQueueLocalPersistence {

    private final ClientQueueLocalPersistence queues;
    private final Payloads payloads;

    Queues(ClientQueueLocalPersistence queues, Payloads payloads) {
        this.queues = queues;
        this.payloads = payloads;
    }

    @Override
    public void add(String queue, boolean shared, PUBLISH message, long most, QueuedMessagesStrategy strategy, boolean retained, int bucket) {
        if (message.getQoS() == QoS.AT_MOST_ONCE) {
            payloads.lightly(() -> queues.add(queue, shared, message, most, strategy, retained, bucket));
        } else {
            queues.add(queue, shared, message, most, strategy, retained, bucket);
        }
    }

    @Override
    public void add(String queue, boolean shared, List<PUBLISH> messages, long most, QueuedMessagesStrategy strategy, boolean retained, int bucket) {
        queues.add(queue, shared, messages, most, strategy, retained, bucket);
    }

    @Override
    public ImmutableList<PUBLISH> readNew(String queue, boolean shared, ImmutableIntArray packetIds, long bytes, int bucket) {
        return queues.readNew(queue, shared, packetIds, bytes, bucket);
    }

    @Override
    public ImmutableList<MessageWithID> readInflight(String client, boolean shared, int most, long bytes, int bucket) {
        return queues.readInflight(client, shared, most, bytes, bucket);
    }

    @Override
    public String replace(String client, PUBREL pubrel, int bucket) {
        return queues.replace(client, pubrel, bucket);
    }

    @Override
    public String remove(String client, int packetId, int bucket) {
        return queues.remove(client, packetId, bucket);
    }

    @Override
    public String remove(String client, int packetId, String uniqueId, int bucket) {
        return queues.remove(client, packetId, uniqueId, bucket);
    }

    @Override
    public int size(String queue, boolean shared, int bucket) {
        return queues.size(queue, shared, bucket);
    }

    @Override
    public void clear(String queue, boolean shared, int bucket) {
        queues.clear(queue, shared, bucket);
    }

    @Override
    public void removeAllQos0Messages(String queue, boolean shared, int bucket) {
        queues.removeAllQos0Messages(queue, shared, bucket);
    }

    @Override
    public ImmutableSet<String> cleanUp(int bucket) {
        return queues.cleanUp(bucket);
    }

    @Override
    public void removeShared(String subscription, String uniqueId, int bucket) {
        queues.removeShared(subscription, uniqueId, bucket);
    }

    @Override
    public void removeInFlightMarker(String subscription, String uniqueId, int bucket) {
        queues.removeInFlightMarker(subscription, uniqueId, bucket);
    }

    @Override
    public void closeDB(int bucket) {
        queues.closeDB(bucket);
    }
}
