package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Names;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.CodecStatus;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of codecs as they come and go. Going is where the care is: {@link #remove} runs inside the framework's synchronous word
 * that a service is leaving, while its bundle is still whole, and does not return before the last call has left the codec.
 */
@Component(immediate = true, configurationPid = "io.pantograph.codecs")
@Designate(ocd = CodecRegistry.Config.class)
public final class CodecRegistry implements Codecs, CodecExchange, CodecBoard {

    private static final Logger LOG = LoggerFactory.getLogger(CodecRegistry.class);
    private static final String FORMAT = "pantograph.codec.format";

    @ObjectClassDefinition(name = "Codecs", description = "How codecs are exchanged while messages flow")
    @interface Config {
        @AttributeDefinition(name = "Wait for a codec (ms)", min = "0", max = "600000",
                description = "How long a message waits for a codec that has left and is being replaced, reckoned from its leaving")
        long wait_ms() default 2_000;

        @AttributeDefinition(name = "Wait for calls (ms)", min = "0", max = "600000",
                description = "How long a leaving codec may finish the calls it has; its bundle stops only then")
        long drain_ms() default 5_000;

        @AttributeDefinition(name = "Trusted bundles",
                description = "Bundles whose codecs are called on the callers' own threads as long as they do well; each other codec has a thread of its own")
        String[] inline() default {"io.pantograph.codec.json", "io.pantograph.codec.iotf"};

        @AttributeDefinition(name = "Time for a call (ms)", min = "10", max = "60000",
                description = "A codec that does not come back in this time is put into quarantine; trusted ones are not timed")
        long budget_ms() default 1_000;

        @AttributeDefinition(name = "Largest message (bytes)", min = "1", description = "What a codec may write for one message")
        int max_bytes() default 1 << 20;

        @AttributeDefinition(name = "Time in quarantine (ms)", min = "10", description = "After which a codec is tried again")
        long probe_ms() default 30_000;
    }

    private final Patience patience;
    private final Formats formats;
    private final Crew crew = new Crew();
    private final Watch watch;
    private final Exchange exchange;
    private final Board board;
    private final Rewritten rewritten;
    private final Map<Long, Slot> slots = new ConcurrentHashMap<>();
    private volatile Duration drain;

    @Activate
    public CodecRegistry(Config config, BundleContext context) {
        patience = new Patience(config.wait_ms(), System::nanoTime);
        formats = new Formats(patience);
        exchange = new Exchange(formats, crew, () -> drain);
        board = new Board(formats);
        drain = Duration.ofMillis(config.drain_ms());
        watch = new Watch(limits(config));
        watch.begin();
        rewritten = new Rewritten(context);
    }

    private static Limits limits(Config config) {
        return new Limits(Set.copyOf(List.of(config.inline())), config.budget_ms() * 1_000_000, config.max_bytes(), config.probe_ms() * 1_000_000);
    }

    @Deactivate
    void close() {
        rewritten.close();
        crew.close();
        watch.close();
    }

    // Routes are in the hands of others, so a changed setting must not make new ones.
    @Modified
    void modified(Config config) {
        watch.limits(limits(config));
        patience.set(config.wait_ms());
        drain = Duration.ofMillis(config.drain_ms());
    }

    @Override
    public CodecRoute route(String format) {
        return formats.route(format);
    }

    @Override
    public SortedSet<String> formats() {
        return formats.present();
    }

    @Override
    public long generation() {
        return formats.generation();
    }

    @Override
    public Candidate hold(long bundle) {
        return exchange.hold(bundle);
    }

    @Override
    public List<Recent> recent(String format) {
        return exchange.recent(format);
    }

    @Override
    public List<CodecStatus> codecs() {
        return board.codecs();
    }

    @Reference(name = "codec", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY, target = "(" + FORMAT + "=*)", updated = "change")
    void add(Codec codec, ServiceReference<Codec> service) {
        Bundle bundle = service.getBundle();
        if (bundle == null) {
            return; // gone again already
        }
        Origin origin = Origin.of(bundle, service, !rewritten.is(bundle));
        Slot slot = new Slot(new Ward(origin.toString(), origin.bundle(), codec, watch), origin);
        Set<String> named = named(service, slot.origin);
        slots.put(slot.origin.service(), slot);
        formats.add(slot, named);
        LOG.info("codec for {} came: {}", String.join(", ", named), slot.origin);
    }

    // The codec is the same, so it has two slots for a moment and nobody waits.
    void change(Codec codec, ServiceReference<Codec> service) {
        Slot before = slots.get(id(service));
        add(codec, service);
        if (before != null) {
            leave(before);
        }
    }

    void remove(Codec codec, ServiceReference<Codec> service) {
        Slot slot = slots.remove(id(service));
        if (slot != null) {
            leave(slot);
            LOG.info("codec went: {}; formats now: {}", slot.origin,
                    formats.present().isEmpty() ? "none" : String.join(", ", formats.present()));
        }
    }

    private void leave(Slot slot) {
        formats.remove(slot);
        int own = Ward.callsOnThisThread();
        long left = slot.close(drain, own);
        slot.ward.close();
        if (left > own) {
            LOG.warn("codec {} goes while {} calls are still inside after {} ms; they may fail", slot.origin, left, drain.toMillis());
        } else if (left > 0) {
            LOG.warn("codec {} was told to go from inside a call of a codec, which could not be waited for", slot.origin);
        }
    }

    private static long id(ServiceReference<Codec> service) {
        return (Long) service.getProperty(Constants.SERVICE_ID);
    }

    /** The formats that the service says it speaks, without those whose names could never stand in a topic. */
    private static Set<String> named(ServiceReference<Codec> service, Origin origin) {
        Object value = service.getProperty(FORMAT);
        List<?> values = value instanceof Object[] many ? List.of(many) : List.of(value);
        Set<String> good = new LinkedHashSet<>();
        for (Object one : values) {
            if (one instanceof String format && Names.valid(format)) {
                good.add(format);
            } else {
                LOG.warn("codec {} names the format '{}', which is not used: a format is 1 to 128 characters of A-Z a-z 0-9 . _ : -",
                        origin, Names.visible(String.valueOf(one)));
            }
        }
        return good;
    }
}
