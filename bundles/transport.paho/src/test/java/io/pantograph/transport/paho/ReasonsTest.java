package io.pantograph.transport.paho;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Endpoint.Scheme;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be had from a server at will: whether its alert is read before its socket is gone is a matter of luck. */
class ReasonsTest {

    private static final Endpoint HUB = new Endpoint(Scheme.TLS, "hub", 8883, "");

    // An alert that we receive is about what we have shown; what we think of the hub's certificate is never received.
    @ParameterizedTest
    @CsvSource({"bad_certificate, BAD_CREDENTIAL", "certificate_unknown, BAD_CREDENTIAL", "certificate_required, BAD_CREDENTIAL",
        "certificate_expired, BAD_CREDENTIAL", "certificate_revoked, BAD_CREDENTIAL", "unknown_ca, BAD_CREDENTIAL",
        "access_denied, BAD_CREDENTIAL", "protocol_version, NOT_TRUSTED", "handshake_failure, NOT_TRUSTED"})
    void anAlertOfTheHubIsAboutOurCertificate(String alert, Reason reason) {
        TransportException told = Reasons.of(new MqttException(new SSLHandshakeException("Received fatal alert: " + alert)), HUB);
        assertEquals(reason, told.reason());
        assertTrue(told.getMessage().contains(alert), told.getMessage());
    }

    // In TLS 1.3 it comes when we think that the handshake is over.
    @Test
    void anAlertMayComeAfterTheHandshake() {
        assertEquals(Reason.BAD_CREDENTIAL, Reasons.lost(new MqttException(new SSLException("Received fatal alert: bad_certificate"))).reason());
        assertEquals(Reason.NO_NETWORK, Reasons.lost(new MqttException(new SSLException("Received fatal alert: internal_error"))).reason());
    }

    @Test
    void whatWeThinkOfTheHubIsAnotherMatter() {
        assertEquals(Reason.NOT_TRUSTED, Reasons.of(new MqttException(new SSLHandshakeException("No name matching hub found")), HUB).reason());
    }
}
