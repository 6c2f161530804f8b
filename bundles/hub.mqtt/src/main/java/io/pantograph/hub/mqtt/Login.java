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

    private final Hosts hosts;
    private final ExecutorService threads;

    Login(Hosts hosts) {
        this.hosts = hosts;
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
        hosts.gathered().thenRun(() -> {
            try {
                threads.execute(() -> {
                    try {
                        ask(peer, attempt, will, out.getConnectPacket());
                    } finally {
                        answer.resume();
                    }
                });
            } catch (RejectedExecutionException full) {
                apply(peer, refused("too many logins are waiting"), null, will, out.getConnectPacket());
                answer.resume();
            }
        });
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

    private void ask(Peer peer, LoginAttempt attempt, Optional<Will> will, ModifiableConnectPacket connect) {
        HubRules host = hosts.claiming(attempt).orElse(null);
        apply(peer, host == null ? unclaimed() : ask(host, attempt), host, will, connect);
    }

    private LoginVerdict unclaimed() {
        if (hosts.empty()) {
            return refused("the hub is stopping");
        }
        return hosts.complete() ? new LoginVerdict.Refused(LoginVerdict.Code.BAD_CLIENT_ID, "no cloud here has such clients")
                : refused("the rules that may know this client are not here");
    }

    private static LoginVerdict ask(HubRules host, LoginAttempt attempt) {
        try {
            return host.login(attempt);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("login of '{}' from {} failed", attempt.clientId(), attempt.remote().address(), e);
            return refused("the hub failed to decide");
        }
    }

    private static LoginVerdict refused(String why) {
        return new LoginVerdict.Refused(LoginVerdict.Code.UNAVAILABLE, why);
    }

    private static void apply(Peer peer, LoginVerdict verdict, HubRules host, Optional<Will> will, ModifiableConnectPacket connect) {
        peer.decide(verdict, host, will.orElse(null));
        // We say the will ourselves, see Guests; HiveMQ would say it to anyone on any topic.
        connect.setWillPublish(null);
        if (verdict instanceof LoginVerdict.Accepted accepted) {
            connect.setClientId(accepted.client().session());
            if (!accepted.client().kept()) {
                connect.setCleanStart(true);
                connect.setSessionExpiryInterval(0);
            }
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
        return new Will(packet.getTopic(), packet.getPayload().map(Payload::copy).orElse(Bytes.EMPTY), Qos.of(packet.getQos().getQosNumber()),
                packet.getRetain());
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
