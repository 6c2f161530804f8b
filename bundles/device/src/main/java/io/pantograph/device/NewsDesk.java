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
    private final Map<DeviceListener, Hearer> hearers = new LinkedHashMap<>();

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

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addListener(DeviceListener listener) {
        Hearer hearer = new Hearer(listener, teller);
        hearers.put(listener, hearer);
        present.forEach((device, status) -> hearer.tell(one -> one.status(device, status)));
    }

    synchronized void removeListener(DeviceListener listener) {
        Hearer gone = hearers.remove(listener);
        if (gone != null) {
            gone.close();
        }
    }

    @Deactivate
    void close() {
        teller.shutdownNow();
    }
}
