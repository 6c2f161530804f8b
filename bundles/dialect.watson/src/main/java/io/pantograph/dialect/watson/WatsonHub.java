package io.pantograph.dialect.watson;

import io.pantograph.api.dialect.DialectName;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubDialect;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.hub.HubTopic;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * The platform's side of IBM Watson IoT. A device speaks of itself without naming itself; inside the hub its topics carry
 * {@code type/{type}/id/{id}/} after the first level, which is what gateways and applications see.
 *
 * <p>Quickstart shares no topic with the organisation: inside the hub its topics begin with {@code quickstart/}, so that
 * nobody can pass for a registered device without a token.
 */
@Component
@DialectName(name = "watson")
public final class WatsonHub implements HubDialect {

    private static final String GUESTS = Ids.QUICKSTART + '/';

    @Override
    public Optional<HubIdentity> identify(String clientId) {
        return ClientId.read(clientId);
    }

    @Override
    public HubTopic read(HubIdentity who, String topic) {
        String[] levels = Topics.levels(topic);
        HubTopic meant = switch (who.kind()) {
            case DEVICE -> ofDevice(who, levels, topic);
            case GATEWAY -> ofGateway(levels, topic);
            case APPLICATION, SHARED_APPLICATION -> isGuest(who) ? null : ofApplication(levels, topic);
        };
        return meant != null ? meant
                : new HubTopic.Foreign("topic '" + Names.visible(topic) + "' is none that " + described(who) + " may publish to");
    }

    private static HubTopic ofDevice(HubIdentity who, String[] levels, String topic) {
        DeviceId device = who.device().orElseThrow();
        if (levels.length == 5 && levels[0].equals(Topics.MESSAGES) && Topics.isMessage(levels, 1, "evt", false)) {
            return message(Direction.EVENT, device, levels[2], levels[4],
                    inside(who) + Topics.scope(Topics.MESSAGES, device) + Topics.after(topic, 1));
        }
        if (!isGuest(who) && levels.length > 1 && levels[0].equals(Topics.MANAGEMENT_UP) && isPath(levels, 1, false)) {
            String path = Topics.after(topic, 1);
            return new HubTopic.Management(device, path, Topics.scope(Topics.MANAGEMENT_UP, device) + path);
        }
        return null;
    }

    private static HubTopic ofGateway(String[] levels, String topic) {
        if (Topics.isScope(levels, Topics.MESSAGES, false) && Topics.isMessage(levels, 5, "evt", false)) {
            return message(Direction.EVENT, new DeviceId(levels[2], levels[4]), levels[6], levels[8], topic);
        }
        if (Topics.isScope(levels, Topics.MANAGEMENT_UP, false) && isPath(levels, 5, false)) {
            return new HubTopic.Management(new DeviceId(levels[2], levels[4]), Topics.after(topic, 5), topic);
        }
        return null;
    }

    private static HubTopic ofApplication(String[] levels, String topic) {
        if (!Topics.isScope(levels, Topics.MESSAGES, false)) {
            return null;
        }
        boolean event = Topics.isMessage(levels, 5, "evt", false);
        if (!event && !Topics.isMessage(levels, 5, "cmd", false)) {
            return null;
        }
        return message(event ? Direction.EVENT : Direction.COMMAND, new DeviceId(levels[2], levels[4]), levels[6], levels[8], topic);
    }

    private static HubTopic message(Direction direction, DeviceId device, String name, String format, String routed) {
        return new HubTopic.Message(direction, device, name, format, routed);
    }

    @Override
    public FilterVerdict filter(HubIdentity who, String filter, Qos qos) {
        String[] levels = Topics.levels(filter);
        String used = switch (who.kind()) {
            case DEVICE -> forDevice(who, levels, filter);
            case GATEWAY -> forGateway(who, levels, filter);
            case APPLICATION -> forApplication(who, levels, filter);
            case SHARED_APPLICATION -> shared(who, forApplication(who, levels, filter));
        };
        if (used == null) {
            return new FilterVerdict.Refuse("filter '" + Names.visible(filter) + "' is none that " + described(who) + " may subscribe to");
        }
        return new FilterVerdict.Use(used, isGuest(who) ? Qos.AT_MOST_ONCE : qos);
    }

    private static String forDevice(HubIdentity who, String[] levels, String filter) {
        if (isGuest(who)) {
            return null; // no commands without a registration
        }
        DeviceId device = who.device().orElseThrow();
        if (levels.length == 5 && levels[0].equals(Topics.MESSAGES) && Topics.isMessage(levels, 1, "cmd", true)) {
            return Topics.scope(Topics.MESSAGES, device) + Topics.after(filter, 1);
        }
        if (levels.length > 1 && levels[0].equals(Topics.MANAGEMENT_DOWN) && isPath(levels, 1, true)) {
            return Topics.scope(Topics.MANAGEMENT_DOWN, device) + Topics.after(filter, 1);
        }
        return null;
    }

    private String forGateway(HubIdentity who, String[] levels, String filter) {
        boolean commands = Topics.isScope(levels, Topics.MESSAGES, true) && Topics.isMessage(levels, 5, "cmd", true);
        boolean management = Topics.isScope(levels, Topics.MANAGEMENT_DOWN, true) && isPath(levels, 5, true);
        return commands || management || filter.equals(notifyTopic(who)) ? filter : null;
    }

    private static String forApplication(HubIdentity who, String[] levels, String filter) {
        boolean scoped = Topics.isScope(levels, Topics.MESSAGES, true);
        boolean events = scoped && Topics.isMessage(levels, 5, "evt", true);
        boolean presence = scoped && levels.length == 6 && levels[5].equals("mon");
        if (isGuest(who)) {
            return (events || presence) && !levels[4].equals("+") ? GUESTS + filter : null;
        }
        boolean commands = scoped && Topics.isMessage(levels, 5, "cmd", true);
        boolean applications = levels.length == 4 && levels[0].equals(Topics.MESSAGES) && levels[1].equals("app")
                && Topics.isId(levels[2], true) && levels[3].equals("mon");
        return events || presence || commands || applications ? filter : null;
    }

    private static String shared(HubIdentity who, String filter) {
        return filter == null ? null : "$share/" + who.application().orElseThrow() + '/' + filter;
    }

    @Override
    public String deliver(HubIdentity who, String topic) {
        if (isGuest(who)) {
            return topic.startsWith(GUESTS) ? topic.substring(GUESTS.length()) : topic;
        }
        if (who.kind() != Kind.DEVICE) {
            return topic;
        }
        DeviceId device = who.device().orElseThrow();
        String root = topic.startsWith(Topics.MANAGEMENT_DOWN) ? Topics.MANAGEMENT_DOWN : Topics.MESSAGES;
        String scope = Topics.scope(root, device);
        return topic.startsWith(scope) ? root + '/' + topic.substring(scope.length()) : topic;
    }

    @Override
    public String topic(HubIdentity who, HubTopic.Message message) {
        return inside(who) + Topics.scope(Topics.MESSAGES, message.device())
                + Topics.message(message.direction() == Direction.EVENT ? "evt" : "cmd", message.name(), message.format());
    }

    @Override
    public Optional<String> clientId(HubIdentity who) {
        return ClientId.write(who);
    }

    @Override
    public Optional<DeviceId> subject(HubIdentity gateway, String filter) {
        String[] levels = Topics.levels(filter);
        boolean one = Topics.isScope(levels, Topics.MESSAGES, false) || Topics.isScope(levels, Topics.MANAGEMENT_DOWN, false);
        return one ? Optional.of(new DeviceId(levels[2], levels[4])).filter(device -> !device.equals(gateway.device().orElse(null)))
                : Optional.empty();
    }

    @Override
    public String presenceTopic(HubIdentity who) {
        return inside(who) + who.device().map(device -> Topics.scope(Topics.MESSAGES, device) + "mon")
                .orElseGet(() -> Topics.MESSAGES + "/app/" + who.application().orElseThrow() + "/mon");
    }

    @Override
    public String notifyTopic(HubIdentity gateway) {
        return Topics.scope(Topics.MESSAGES, gateway.device().orElseThrow()) + "notify";
    }

    /** Whether the levels from here on are names of device management, which may be longer; + and a last # where allowed. */
    private static boolean isPath(String[] levels, int from, boolean wildcards) {
        for (int i = from; i < levels.length; i++) {
            boolean wild = wildcards && (levels[i].equals("+") || levels[i].equals("#") && i == levels.length - 1);
            if (!wild && !Ids.valid(levels[i], 255)) {
                return false;
            }
        }
        return levels.length > from;
    }

    private static boolean isGuest(HubIdentity who) {
        return who.org().equals(Ids.QUICKSTART);
    }

    private static String inside(HubIdentity who) {
        return isGuest(who) ? GUESTS : "";
    }

    private static String described(HubIdentity who) {
        String what = switch (who.kind()) {
            case DEVICE -> "a device";
            case GATEWAY -> "a gateway";
            case APPLICATION, SHARED_APPLICATION -> "an application";
        };
        return isGuest(who) ? what + " in Quickstart" : what;
    }
}
