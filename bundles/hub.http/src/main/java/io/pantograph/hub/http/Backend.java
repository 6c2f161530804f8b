package io.pantograph.hub.http;

import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.Remote;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the front door where the HTTP server listens. Only of one on the loopback address: it ends no TLS, so whoever reaches it
 * from outside would send tokens in the clear.
 */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"io.pantograph.api.hub.HttpBackend\"")
@Component(service = Backend.class, immediate = true)
public final class Backend {

    private static final Logger log = LoggerFactory.getLogger(Backend.class);
    private static final String ENDPOINTS = "osgi.http.endpoint";

    private record Door(int port, Callers callers) implements HttpBackend {

        @Override
        public Runnable guest(int localPort, Remote remote) {
            return callers.came(localPort, remote);
        }
    }

    private final BundleContext context;
    private final Callers callers = new Callers();
    private ServiceRegistration<HttpBackend> told;
    private int port;
    private boolean open = true;

    @Activate
    public Backend(BundleContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, updated = "updatedServer")
    void addServer(HttpServiceRuntime server, Map<String, Object> properties) {
        tell(port(properties.get(ENDPOINTS)));
    }

    void updatedServer(HttpServiceRuntime server, Map<String, Object> properties) {
        tell(port(properties.get(ENDPOINTS)));
    }

    void removeServer(HttpServiceRuntime server) {
        tell(Optional.empty());
    }

    Callers callers() {
        return callers;
    }

    @Deactivate
    synchronized void close() {
        tell(Optional.empty());
        open = false;
    }

    private synchronized void tell(Optional<Integer> found) {
        int now = open ? found.orElse(0) : 0;
        if (now == port) {
            return;
        }
        if (told != null) {
            told.unregister();
            told = null;
        }
        port = now;
        if (now != 0) {
            log.info("HTTP behind the front door: 127.0.0.1:{}", now);
            told = context.registerService(HttpBackend.class, new Door(now, callers), null);
        }
    }

    static Optional<Integer> port(Object endpoints) {
        String[] all = endpoints instanceof String[] array ? array : endpoints instanceof String one ? new String[] {one} : new String[0];
        Optional<Integer> found = Stream.of(all).map(URI::create).filter(Backend::loopback).map(URI::getPort).filter(each -> each > 0).findFirst();
        if (found.isEmpty() && all.length > 0) {
            log.error("the HTTP server listens on {}, not on the loopback address, so it is not used; set the framework property "
                    + "org.apache.felix.http.host=127.0.0.1", String.join(", ", all));
        }
        return found;
    }

    private static boolean loopback(URI endpoint) {
        try {
            return endpoint.getHost() != null && InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
