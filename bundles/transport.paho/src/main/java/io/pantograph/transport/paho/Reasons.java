package io.pantograph.transport.paho;

import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.TransportException;
import io.pantograph.api.wire.Endpoint;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.eclipse.paho.client.mqttv3.MqttException;

/** Says in our words what Paho says in numbers and nested exceptions. */
final class Reasons {

    private static final String ALERT = "Received fatal alert: ";
    private static final Set<String> AGAINST_OUR_CERTIFICATE = Set.of("bad_certificate", "unsupported_certificate", "certificate_revoked",
            "certificate_expired", "certificate_unknown", "unknown_ca", "access_denied", "certificate_required");

    private Reasons() {
    }

    /** Why an attempt to connect failed. */
    static TransportException of(Throwable failure, Endpoint endpoint) {
        if (failure instanceof MqttException mqtt && mqtt.getReasonCode() >= 1 && mqtt.getReasonCode() <= 5) {
            return refused(mqtt, endpoint);
        }
        PlainRefusedException plain = within(failure, PlainRefusedException.class);
        if (plain != null) {
            return new TransportException(Reason.NOT_TRUSTED, plain.getMessage(), failure);
        }
        UnknownHostException unknown = within(failure, UnknownHostException.class);
        if (unknown != null) {
            return new TransportException(Reason.NO_NETWORK, "no address is known for the host name '" + endpoint.host() + "'", failure);
        }
        TransportException unwanted = unwanted(failure);
        if (unwanted != null) {
            return unwanted;
        }
        if (untrusted(failure)) {
            return new TransportException(Reason.NOT_TRUSTED, endpoint + " could not be trusted: " + text(root(failure)), failure);
        }
        if (within(failure, SocketTimeoutException.class) != null) {
            return new TransportException(Reason.TIMEOUT, endpoint + " did not answer in time", failure);
        }
        if (within(failure, ConnectException.class) != null) {
            return new TransportException(Reason.NO_NETWORK, "nothing listens at " + endpoint + " (" + text(root(failure)) + ")", failure);
        }
        return new TransportException(Reason.NO_NETWORK, "no connection to " + endpoint + ": " + text(root(failure)), failure);
    }

    private static TransportException refused(MqttException refusal, Endpoint endpoint) {
        return switch (refusal.getReasonCode()) {
            case MqttException.REASON_CODE_INVALID_PROTOCOL_VERSION -> new TransportException(Reason.HUB_UNAVAILABLE,
                    endpoint + " does not speak MQTT 3.1.1 (refusal 1)", refusal);
            case MqttException.REASON_CODE_INVALID_CLIENT_ID -> new TransportException(Reason.BAD_CREDENTIAL,
                    "the hub does not take this client id (refusal 2); check organisation, type and name", refusal);
            case MqttException.REASON_CODE_BROKER_UNAVAILABLE -> new TransportException(Reason.HUB_UNAVAILABLE,
                    "the hub does not take this device now (refusal 3): the hub is busy or not ready, or has switched the device off", refusal);
            case MqttException.REASON_CODE_FAILED_AUTHENTICATION -> new TransportException(Reason.BAD_CREDENTIAL,
                    "the hub does not take this user name and token (refusal 4); check the token", refusal);
            default -> new TransportException(Reason.BAD_CREDENTIAL,
                    "the hub does not let this device in (refusal 5); check that it is registered, and its token", refusal);
        };
    }

    /** Why a connection ended, or a message on it got no answer. */
    static TransportException lost(Throwable failure) {
        int code = failure instanceof MqttException mqtt ? mqtt.getReasonCode() : -1;
        if (code == MqttException.REASON_CODE_CLIENT_TIMEOUT || code == MqttException.REASON_CODE_WRITE_TIMEOUT) {
            return new TransportException(Reason.TIMEOUT, "the hub was silent for longer than the keep-alive time", failure);
        }
        if (code == MqttException.REASON_CODE_MAX_INFLIGHT) {
            return new TransportException(Reason.STALLED, "too many messages without an acknowledgement", failure);
        }
        TransportException unwanted = unwanted(failure); // in TLS 1.3 this comes when we think that all is well
        if (unwanted != null) {
            return unwanted;
        }
        if (within(failure, EOFException.class) != null) {
            return new TransportException(Reason.DROPPED_BY_HUB, "the hub ended the connection", failure);
        }
        return new TransportException(Reason.NO_NETWORK, "the connection was cut: " + text(root(failure)), failure);
    }

    /** For what is asked of a connection that is no more. */
    static TransportException over() {
        return new TransportException(Reason.NO_NETWORK, "the connection has ended", null);
    }

    static TransportException stopping() {
        return new TransportException(Reason.NO_NETWORK, "the MQTT transport is being stopped or replaced", null);
    }

    /** What the hub says in TLS against what we have shown; null if it says nothing of the kind. */
    private static TransportException unwanted(Throwable failure) {
        SSLException tls = within(failure, SSLException.class);
        String said = tls == null || tls.getMessage() == null ? "" : tls.getMessage();
        if (!said.startsWith(ALERT) || !AGAINST_OUR_CERTIFICATE.contains(said.substring(ALERT.length()))) {
            return null;
        }
        return new TransportException(Reason.BAD_CREDENTIAL, "the hub does not take this device's certificate ("
                + said.substring(ALERT.length()) + "); check that it has one, that it is still good and that the hub knows it", failure);
    }

    private static boolean untrusted(Throwable failure) {
        if (within(failure, GeneralSecurityException.class) != null) {
            return true;
        }
        // A handshake that the network cut is a matter of the network.
        return within(failure, SSLException.class) != null && within(failure, EOFException.class) == null
                && within(failure, SocketException.class) == null && within(failure, SocketTimeoutException.class) == null;
    }

    private static <T> T within(Throwable failure, Class<T> kind) {
        int depth = 0;
        for (Throwable each = failure; each != null && depth++ < 20; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return kind.cast(each);
            }
        }
        return null;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root != null && root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static String text(Throwable failure) {
        if (failure == null) {
            return "no reason was given";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
