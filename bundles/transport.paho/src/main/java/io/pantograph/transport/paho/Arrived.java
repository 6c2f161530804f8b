package io.pantograph.transport.paho;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Incoming;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** A message as Paho hands it over. Its array is made for this message alone, so it is not copied again. */
final class Arrived implements Incoming {

    private final Line line;
    private final String topic;
    private final Bytes payload;
    private final Qos qos;
    private final int packetId;
    private final AtomicBoolean acknowledged = new AtomicBoolean();

    Arrived(Line line, String topic, MqttMessage message) {
        this.line = line;
        this.topic = topic;
        this.payload = Bytes.wrap(message.getPayload());
        this.qos = Qos.of(message.getQos());
        this.packetId = message.getId();
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public Bytes payload() {
        return payload;
    }

    @Override
    public Qos qos() {
        return qos;
    }

    @Override
    public void acknowledge() {
        if (qos != Qos.AT_MOST_ONCE && acknowledged.compareAndSet(false, true)) {
            line.acknowledge(packetId, qos.level());
        }
    }
}
