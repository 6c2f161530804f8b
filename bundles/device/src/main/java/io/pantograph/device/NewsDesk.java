package io.pantograph.device;

import io.pantograph.api.core.News;
import io.pantograph.api.listener.DeviceListener;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.Condition.Kind;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What happened is logged once, counted, and told to every listener on one thread. */
@Component
public final class NewsDesk implements News {

    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);
    private final Logbook logbook = new Logbook();
    private final ExecutorService teller;

    /** Guarded by this; so that a listener that comes late hears the present first and then what changed, in this order. */
    private final Map<DeviceId, DeviceStatus> present = new LinkedHashMap<>();
    private final Map<Object, Hearer> hearers = new LinkedHashMap<>();

    @Activate
    public NewsDesk() {
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
        }
        ThreadPoolExecutor one = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "pantograph-news");
            thread.setDaemon(true);
            return thread;
        });
        one.allowCoreThreadTimeOut(true);
        teller = one;
    }

    @Override
    public void status(DeviceId device, DeviceStatus status) {
        synchronized (this) {
            if (status.state() != DeviceStatus.State.CLOSED) {
                present.put(device, status);
            } else if (present.remove(device) == null) {
                return; // was said already: the session closes, and then the device does
            }
            tell(listener -> listener.status(device, status));
            logbook.status(device, status);
        }
    }

    @Override
    public void condition(Condition condition) {
        counts.get(condition.kind()).increment();
        synchronized (this) {
            tell(listener -> listener.condition(condition));
            logbook.condition(condition);
        }
    }

    private void tell(Consumer<DeviceListener> news) {
        hearers.values().forEach(hearer -> hearer.tell(news));
    }

    @Override
    public long count(Kind kind) {
        return counts.get(kind).sum();
    }

    /** Not the listener itself: it may well have a gateway, which has us; it is fetched by the thread that tells it. */
    @Reference(service = DeviceListener.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(ComponentServiceObjects<DeviceListener> service, Map<String, Object> properties) {
        add(properties.get("service.id"), service::getService);
    }

    void removeListener(ComponentServiceObjects<DeviceListener> service, Map<String, Object> properties) {
        DeviceListener fetched = remove(properties.get("service.id"));
        if (fetched != null) {
            service.ungetService(fetched);
        }
    }

    synchronized void add(Object id, Supplier<DeviceListener> listener) {
        Hearer hearer = new Hearer(listener, teller);
        hearers.put(id, hearer);
        hearer.tell(Hearer.NOTHING); // fetches it, which for many a component is what starts it
        present.forEach((device, status) -> hearer.tell(one -> one.status(device, status)));
    }

    /** @return the listener, if it was fetched */
    synchronized DeviceListener remove(Object id) {
        Hearer gone = hearers.remove(id);
        return gone == null ? null : gone.close();
    }

    @Deactivate
    void close() {
        teller.shutdownNow();
    }
}
