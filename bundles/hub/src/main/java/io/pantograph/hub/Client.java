package io.pantograph.hub;

import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubDialect;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubTopic;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One connection that has logged in: who it is, and what its topics mean, which it says again and again. */
final class Client implements HubClient {

    private static final int MOST_TOPICS = 64;

    private final String clientId;
    private final String session;
    private final HubIdentity who;
    private final Dialects.Slot slot;
    private final Optional<String> user;
    private final Remote remote;
    private final Instant since;
    private final boolean quickstart;
    private final Map<String, HubTopic> said = recent();
    private final Map<String, String> heard = recent();
    private HubDialect saidBy;
    private volatile CloseCode broke;
    private volatile boolean deleted;

    Client(String clientId, String session, HubIdentity who, Dialects.Slot slot, Optional<String> user, Remote remote, Instant since) {
        this.clientId = clientId;
        this.session = session;
        this.who = who;
        this.slot = slot;
        this.user = user;
        this.remote = remote;
        this.since = since;
        quickstart = who.org().equals(WatsonLogin.QUICKSTART);
    }

    private static <V> Map<String, V> recent() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST_TOPICS;
            }
        };
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public String session() {
        return session;
    }

    HubIdentity who() {
        return who;
    }

    Optional<String> user() {
        return user;
    }

    Remote remote() {
        return remote;
    }

    Instant since() {
        return since;
    }

    boolean quickstart() {
        return quickstart;
    }

    HubDialect dialect() {
        return slot.dialect();
    }

    /** Whether this is a gateway and the device is not itself. */
    boolean speaksFor(DeviceId device) {
        return who.kind() == HubIdentity.Kind.GATEWAY && !device.equals(who.device().orElse(null));
    }

    /** What it means by publishing to this topic. */
    HubTopic read(String topic) {
        synchronized (said) {
            HubDialect dialect = dialect();
            if (dialect != saidBy) { // a new grammar may read it otherwise
                said.clear();
                heard.clear();
                saidBy = dialect;
            }
            return remember(said, topic, text -> checked(dialect.read(who, text)));
        }
    }

    // The last wall behind the dialect: no name gets further that could act as a topic level, wildcard or control character.
    private static HubTopic checked(HubTopic topic) {
        if (topic instanceof HubTopic.Message message && !(Names.valid(message.name()) && Names.valid(message.format()))) {
            return new HubTopic.Foreign("'" + Names.visible(message.name()) + "' and '" + Names.visible(message.format())
                    + "' must each be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return topic;
    }

    /** A topic inside the hub as it is to see it. */
    String deliver(String topic) {
        synchronized (said) {
            return remember(heard, topic, text -> dialect().deliver(who, text));
        }
    }

    private static <V> V remember(Map<String, V> known, String topic, Function<String, V> read) {
        V found = known.get(topic);
        if (found == null) {
            found = read.apply(topic);
            known.put(topic, found);
        }
        return found;
    }

    /** Its identity is no more; it has only to be dropped yet. */
    void delete() {
        deleted = true;
    }

    boolean deleted() {
        return deleted;
    }

    /** It broke a rule; remembered for its farewell. */
    PublishVerdict cut(CloseCode code, String reason) {
        broke = code;
        return new PublishVerdict.Disconnect(reason);
    }

    Optional<CloseCode> broke() {
        return Optional.ofNullable(broke);
    }
}
