package io.pantograph.deploy;

import io.pantograph.api.operator.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The framework, as the installer sees it: bundles that deployments brought, told by their location, and those of the box itself. */
final class Ground {

    static final String LOCATION = "deploy:";

    private static final Logger LOG = LoggerFactory.getLogger(Ground.class);
    /** So long a stranger may keep the thread of the steps. */
    static final Duration STARTING = Duration.ofSeconds(10);
    /** A room lets its handlers and codecs finish what they have in hand, for ten seconds at most. */
    private static final Duration STOPPING = Duration.ofSeconds(30);
    private static final Duration HANGING = Duration.ofSeconds(1);
    private static final Pattern PACKAGE = Pattern.compile("osgi\\.wiring\\.package=([\\w.]+)");

    private final BundleContext context;
    private final Map<Long, Runnable> gone = new ConcurrentHashMap<>();
    /** Those in which somebody of ours still is: to go they may take as long as that does, and we do not wait for it. */
    private final Set<Long> hanging = ConcurrentHashMap.newKeySet();
    private final int level;

    Ground(BundleContext context) {
        this.context = context;
        BundleStartLevel own = context.getBundle().adapt(BundleStartLevel.class);
        level = own == null ? 1 : own.getStartLevel();
    }

    BundleContext context() {
        return context;
    }

    private static String location(String name, String version, String sha256) {
        return LOCATION + name + '@' + version + '#' + sha256;
    }

    /** Those that deployments brought, on trial or not. */
    List<Bundle> deployed() {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getLocation().startsWith(LOCATION)).toList();
    }

    /** This very one; null if it is not there. */
    Bundle find(String name, String version, String sha256) {
        return context.getBundle(location(name, version, sha256));
    }

    /** Those of this name that no deployment brought. */
    List<Bundle> ofTheBox(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()) && !bundle.getLocation().startsWith(LOCATION)).toList();
    }

    /** Beside all others of its name, not started. */
    Bundle install(Facts facts, String sha256, Path jar) throws RefusedException, IOException {
        String location = location(facts.name(), facts.version().toString(), sha256);
        if (context.getBundle(location) != null) {
            throw new RefusedException(facts.title() + " is there already, from these very bytes; wait until the deployment that brought it is at its end");
        }
        try (InputStream in = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle(location, in);
            bundle.adapt(BundleStartLevel.class).setStartLevel(level);
            return bundle;
        } catch (BundleException e) {
            throw new RefusedException(facts.title() + " cannot be installed: " + words(e), e);
        }
    }

    /** Whether all that it needs is there. */
    void resolve(Bundle bundle) throws RefusedException {
        if (!context.getBundle(0).adapt(FrameworkWiring.class).resolveBundles(List.of(bundle))) {
            throw new RefusedException(title(bundle) + " needs something that no installed bundle has, or that clashes with what others have; "
                    + "start it in a box of your own to see what");
        }
    }

    /**
     * Starts what a deployment brought. Never for ever: after a restart it is for us to say which of them are to be there. And while the box
     * is brought up level by level, the framework would only put a lasting start in a queue, and it comes when we are long done.
     */
    void start(Bundle bundle) throws RefusedException {
        try {
            bounded(bundle, "start", STARTING, () -> bundle.start(Bundle.START_ACTIVATION_POLICY | Bundle.START_TRANSIENT));
        } catch (BundleException e) {
            throw new RefusedException(title(bundle) + " does not start: " + words(e), e);
        }
    }

    /** What was there before is to be back, whatever it says. */
    void startAgain(Bundle bundle) {
        try {
            bounded(bundle, "start", STARTING, () -> bundle.start(Bundle.START_ACTIVATION_POLICY));
        } catch (BundleException | IllegalStateException e) {
            LOG.error("{} worked before and does not start any more", title(bundle), e);
        }
    }

    void stop(Bundle bundle) {
        try {
            bounded(bundle, "stop", STOPPING, bundle::stop);
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} did not stop as it should", title(bundle), e);
        }
    }

    /** @return whether it is gone; else it hangs, and what it has registered may still be there */
    boolean uninstall(Bundle bundle) {
        try {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bounded(bundle, "go", STOPPING, bundle::uninstall);
            }
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} did not go as it should", title(bundle), e);
        }
        if (bundle.getState() == Bundle.UNINSTALLED) {
            hanging.remove(bundle.getBundleId());
        }
        Runnable then = gone.remove(bundle.getBundleId());
        if (then != null) {
            then.run();
        }
        return bundle.getState() == Bundle.UNINSTALLED;
    }

    /** To be done when it has been uninstalled by us. */
    void whenGone(Bundle bundle, Runnable then) {
        gone.put(bundle.getBundleId(), then);
    }

    @FunctionalInterface
    interface Act {
        void run() throws BundleException;
    }

    /** Strangers' constructors and activators run in it: one that does not come back must not take the installer with it. */
    void bounded(Bundle bundle, String what, Duration patience, Act act) throws BundleException {
        Duration atMost = hanging.contains(bundle.getBundleId()) ? HANGING : patience;
        FutureTask<Void> task = new FutureTask<>(() -> {
            act.run();
            return null;
        });
        Telling.daemon(task, "pantograph-deploy-" + what + ' ' + title(bundle)).start();
        try {
            task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BundleException failed) {
                throw failed;
            }
            throw new BundleException(String.valueOf(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            hanging.add(bundle.getBundleId());
            throw new BundleException("it did not " + what + " within " + atMost.toSeconds() + " s; whatever it waits for or counts, "
                    + "it must do so on a thread of its own", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BundleException("it was given up in the middle", e);
        }
    }

    /** Of the jar of a bundle that a deployment brought. */
    static String sha256(Bundle bundle) {
        return bundle.getLocation().substring(bundle.getLocation().indexOf('#') + 1);
    }

    static String title(Bundle bundle) {
        return bundle.getSymbolicName() + ' ' + bundle.getVersion();
    }

    /** What a missing import is called by the framework takes three lines. */
    private static String words(BundleException e) {
        Matcher missing = PACKAGE.matcher(String.valueOf(e.getMessage()));
        String last = null;
        while (missing.find()) {
            last = missing.group(1);
        }
        if (last != null) {
            return "it needs the package " + last + ", which no installed bundle exports";
        }
        return e.getCause() == null ? e.getMessage() : e.getMessage() + " (" + e.getCause() + ')';
    }
}
