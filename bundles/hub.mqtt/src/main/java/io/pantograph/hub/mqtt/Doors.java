package io.pantograph.hub.mqtt;

import io.netty.handler.ssl.SslContext;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.hub.HubRules;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the hub's ports when there is a broker and there are rules, and says where they are once the HTTP server is there as well. */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.pantograph.api.hub.HubEndpoints\"")
@Component(service = {}, immediate = true)
public final class Doors {

    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How long clients may take to be seen off when the hub stops. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Settings settings;
    private final Broker broker;
    private final BundleContext context;
    private final Duration patience;
    private final ExecutorService porter = Executors.newSingleThreadExecutor(task -> new Thread(task, "hub-doors"));
    private volatile HttpBackend backend;
    private FrontDoor door;
    private Endpoints endpoints;
    private ServiceRegistration<HubEndpoints> told;

    @Activate
    public Doors(@Reference Settings settings, @Reference Broker broker, BundleContext context) {
        this(settings, broker, context, PATIENCE);
        broker.expect(new Announced(context)::missing);
    }

    Doors(Settings settings, Broker broker, BundleContext context, Duration patience) {
        this.settings = settings;
        this.broker = broker;
        this.context = context;
        this.patience = patience;
        broker.engine().thenAcceptAsync(this::open, porter).exceptionally(failure -> {
            LOG.debug("the doors stay shut", failure);
            return null;
        });
    }

    @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC)
    void addRules(HubRules rules, Map<String, Object> properties) {
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        broker.serve(rules, ranking, (Long) properties.get(Constants.SERVICE_ID));
    }

    void removeRules(HubRules rules) {
        broker.leave(rules);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setBackend(HttpBackend http) {
        backend = http;
        tellLater();
    }

    void unsetBackend(HttpBackend http) {
        if (backend == http) {
            backend = null;
            tellLater();
        }
    }

    private void tellLater() {
        try {
            porter.execute(this::tell);
        } catch (RejectedExecutionException closed) {
            // it was taken back when the doors were shut
        }
    }

    private void open(Engine engine) {
        try {
            InetAddress address = address(settings.bind());
            Path folder = settings.home().resolve("hub");
            Authority authority = Authority.in(folder, Clock.systemUTC());
            SslContext tls = Tls.server(authority.server(Names.of(settings, address)));
            House house = new House(engine.pipeline(), engine::prompter, address.getHostAddress(), () -> Optional.ofNullable(backend), patience,
                    connections());
            door = new FrontDoor(engine.netty(), house);
            endpoints = new Endpoints(Names.reachable(address), port("mqtt", 1883, address, null), port("mqtts", 8883, address, tls),
                    port("https", 8443, address, tls), port("http", 8080, address, null), authority.certificate());
            endpoints.write(folder);
            tell();
        } catch (SettingException e) {
            settings.fail(e);
        } catch (IOException e) {
            LOG.error("the hub cannot open its doors", e);
            settings.fail(new SettingException("pantograph.home", settings.home(), "cannot hold the hub's keys and ports (" + e.getMessage() + ')',
                    "make it writable, or choose another folder"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetAddress address(String bind) throws SettingException {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw new SettingException("pantograph.bind", bind, "is not an address of this machine", "use 127.0.0.1, 0.0.0.0 or one of its addresses");
        }
    }

    /** The most there may be at a time. */
    private int connections() throws SettingException {
        return (int) settings.number("pantograph.hub.connections", 2_000, 10, 100_000);
    }

    private int port(String name, int usual, InetAddress address, SslContext tls) throws SettingException, InterruptedException {
        String key = "pantograph.hub." + name + ".port";
        int port = settings.port(key, usual);
        try {
            return door.open(address, port, tls);
        } catch (BindException e) {
            LOG.debug("{} on {}", key, address, e);
            if (String.valueOf(e.getMessage()).contains("assign")) {
                throw new SettingException("pantograph.bind", settings.bind(), "is not an address of this machine",
                        "use 127.0.0.1, 0.0.0.0 or one of its addresses");
            }
            if (String.valueOf(e.getMessage()).contains("denied")) {
                throw new SettingException(key, port, "may not be used by this user", "choose a port from 1024, or 0 for any free one");
            }
            throw new SettingException(key, port, "is in use by another program", "choose another port, or 0 for any free one");
        }
    }

    /** On the porter's thread. */
    private void tell() {
        boolean ready = endpoints != null && backend != null;
        try {
            if (ready && told == null) {
                told = context.registerService(HubEndpoints.class, endpoints, null);
            } else if (!ready && told != null) {
                told.unregister();
                told = null;
            }
        } catch (IllegalStateException stopping) {
            told = null;
        }
    }

    @Deactivate
    void close() throws InterruptedException {
        porter.execute(this::shut);
        porter.shutdown();
        if (!porter.awaitTermination(5, TimeUnit.SECONDS)) {
            porter.shutdownNow();
        }
    }

    private void shut() {
        endpointsGone();
        if (door != null) {
            door.shut();
            try {
                broker.dismiss(FAREWELL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            door.close();
        }
    }

    private void endpointsGone() {
        Endpoints were = endpoints;
        endpoints = null;
        tell();
        if (were != null) {
            were.remove(settings.home().resolve("hub"));
        }
    }
}
