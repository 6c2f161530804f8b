package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** The end of the box: in good order on a signal, with one line for a setting that cannot work. */
final class End {

    private static final long GRACE_MS = 2_500;

    private final Bundle framework;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Thread hook = new Thread(this::stop, "pantograph-end");

    End(Bundle framework) {
        this.framework = framework;
    }

    /** From now on, Ctrl-C stops the bundles before the process ends. */
    void hook() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void unhook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is what is running now.
        }
    }

    /** The first who says so is heard; what stumbles after it is silent. */
    void because(SettingException why) {
        if (failed.compareAndSet(false, true)) {
            System.err.println(why.getMessage());
            System.setErr(silence());
            System.setOut(silence());
            Thread thread = new Thread(() -> {
                stop();
                Runtime.getRuntime().halt(Main.WRONG_SETTING);
            }, "pantograph-end");
            thread.setDaemon(true);
            insist(thread);
            thread.start();
        }
    }

    /** A launcher that sees its framework stop ends the process with a code of its own; ours counts. */
    private static void insist(Thread ending) {
        Thread last = new Thread(() -> {
            try {
                ending.join(GRACE_MS);
            } catch (InterruptedException e) {
                // The process ends all the same.
            }
            Runtime.getRuntime().halt(Main.WRONG_SETTING);
        }, "pantograph-exit-code");
        try {
            Runtime.getRuntime().addShutdownHook(last);
        } catch (IllegalStateException e) {
            // It is ending already.
        }
    }

    /** Bounded, because the bundle that holds us up may be the reason why we end. */
    private void stop() {
        try {
            framework.stop();
            ((Framework) framework).waitForStop(GRACE_MS);
        } catch (BundleException | InterruptedException e) {
            // The process ends all the same.
        }
    }

    private static PrintStream silence() {
        return new PrintStream(OutputStream.nullOutputStream());
    }
}
