package io.pantograph.hub.mqtt;

import com.hivemq.extension.sdk.api.async.Async;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundInput;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.packets.connect.WillPublishPacket;
import com.hivemq.extension.sdk.api.packets.publish.ModifiableConnectPacket;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the rules whether a client may come in. HiveMQ asks us twice: once with the CONNECT, which we may alter but not refuse, and once
 * for the verdict. The rules are asked at the first, on threads of our own, since checking a secret is slow by design.
 */
final class Login implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int THREADS = 2;
    /** So many may wait for their turn; the next are told to come again later. */
    private static final int WAITING = 1_000;

    private final Guests guests;
    private final ExecutorService threads;

    Login(Guests guests) {
        this.guests = guests;
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread thread = new Thread(task, "hub-login-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    void onConnect(ConnectInboundInput in, ConnectInboundOutput out) {
        Peer peer = Peer.of(in.getConnectionInformation());
        LoginAttempt attempt = attempt(in.getConnectPacket(), peer);
        Optional<Will> will = in.getConnectPacket().getWillPublish().map(Login::will);
        Async<ConnectInboundOutput> answer = out.async(PATIENCE);
        try {
            threads.execute(() -> {
                try {
                    apply(peer, ask(attempt), will, out.getConnectPacket());
                } finally {
                    answer.resume();
                }
            });
        } catch (RejectedExecutionException full) {
            apply(peer, new LoginVerdict.Refused(LoginVerdict.Code.UNAVAILABLE, "too many logins are waiting"), will, out.getConnectPacket());
            answer.resume();
        }
    }

    void onConnect(SimpleAuthInput in, SimpleAuthOutput out) {
        Peer peer = Peer.of(in.getConnectionInformation());
        if (peer.verdict() instanceof LoginVerdict.Refused refused) {
            out.failAuthentication(code(refused.code()), refused.reason());
        } else if (peer.verdict() instanceof LoginVerdict.Accepted) {
            out.authenticateSuccessfully();
        } else {
            out.failAuthentication(ConnackReasonCode.SERVER_UNAVAILABLE, "the login was not decided in time");
        }
    }

    private LoginVerdict ask(LoginAttempt attempt) {
        HubRules rules = guests.rules();
        if (rules == null) {
            return new LoginVerdict.Refused(LoginVerdict.Code.UNAVAILABLE, "the hub is stopping");
        }
        try {
            return rules.login(attempt);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("login of '{}' from {} failed", attempt.clientId(), attempt.remote().address(), e);
            return new LoginVerdict.Refused(LoginVerdict.Code.UNAVAILABLE, "the hub failed to decide");
        }
    }

    private static void apply(Peer peer, LoginVerdict verdict, Optional<Will> will, ModifiableConnectPacket connect) {
        peer.decide(verdict, will.orElse(null));
        // We say the will ourselves, see Guests; HiveMQ would say it to anyone on any topic.
        connect.setWillPublish(null);
        if (verdict instanceof LoginVerdict.Accepted accepted) {
            connect.setClientId(accepted.client().session());
        }
        long ceiling = Engine.KEEP_ALIVE_CEILING.toSeconds();
        if (connect.getKeepAlive() == 0 || connect.getKeepAlive() > ceiling) {
            connect.setKeepAlive((int) ceiling);
        }
    }

    private static LoginAttempt attempt(ConnectPacket connect, Peer peer) {
        return new LoginAttempt(connect.getClientId(), connect.getUserName(), connect.getPassword().map(Login::text).map(Secret::of),
                connect.getCleanStart(), Duration.ofSeconds(connect.getKeepAlive()), connect.getWillPublish().map(WillPublishPacket::getTopic), peer.remote);
    }

    private static Will will(WillPublishPacket packet) {
        return new Will(packet.getTopic(), packet.getPayload().map(Payload::copy).orElse(Bytes.EMPTY), Qos.of(packet.getQos().getQosNumber()));
    }

    private static String text(ByteBuffer password) {
        return StandardCharsets.UTF_8.decode(password.duplicate()).toString();
    }

    private static ConnackReasonCode code(LoginVerdict.Code code) {
        return switch (code) {
            case BAD_CLIENT_ID -> ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case UNAVAILABLE -> ConnackReasonCode.SERVER_UNAVAILABLE;
            case BAD_CREDENTIALS -> ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD;
            case NOT_AUTHORIZED -> ConnackReasonCode.NOT_AUTHORIZED;
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
