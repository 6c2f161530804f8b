package io.pantograph.service;

import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceClients;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.azure.ConnectionString;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.ServiceScope;

/** Opens clients, and closes those that whoever opened them has left open. Plain programs make one of their own. */
@Component(service = ServiceClients.class, scope = ServiceScope.BUNDLE)
public final class Clients implements ServiceClients, AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int THREADS = 4;

    private final Set<Client> open = ConcurrentHashMap.newKeySet();

    @Override
    public ServiceClient open(ServiceOptions options) {
        ConnectionString login = ConnectionString.parse(options.connectionString().reveal());
        Clock clock = Clock.systemUTC();
        Tokens tokens = new Tokens(login, options.tokenLife(), clock, System::nanoTime);
        String host = Tokens.hostOf(login);
        URI base = base(login, host, options);
        ExecutorService workers = workers();
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("pantograph-service-timer"));
        timer.setRemoveOnCancelPolicy(true);
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Trust.of(options.authorities()))
                .connectTimeout(CONNECT.compareTo(options.timeout()) < 0 ? CONNECT : options.timeout())
                .executor(workers)
                .build();
        Client[] made = new Client[1];
        made[0] = new Client(host, new Wire(base, http, tokens::current, options.timeout(), timer, System::nanoTime), timer, clock, () -> {
            workers.shutdown();
            open.remove(made[0]);
        });
        open.add(made[0]);
        return made[0];
    }

    private static URI base(ConnectionString login, String host, ServiceOptions options) {
        int colon = login.hostName().lastIndexOf(':');
        try {
            int port = options.port().orElse(colon < 0 ? 443 : Integer.parseInt(login.hostName().substring(colon + 1)));
            URI base = URI.create("https://" + host + (port == 443 ? "" : ":" + port) + '/');
            if (base.getHost() != null) {
                return base;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException("HostName '" + login.hostName() + "' must be a host's name, or a name, a colon and a port");
    }

    // Few: what runs there only takes answers apart. They end when nothing is asked for a while.
    private static ExecutorService workers() {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("pantograph-service"));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + '-' + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Deactivate
    @Override
    public void close() {
        open.forEach(Client::close);
    }
}
