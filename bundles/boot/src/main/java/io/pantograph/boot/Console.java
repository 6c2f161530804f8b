package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * The Gogo shell on the terminal of the box. Its bundles lie in the box beside the others and are not installed unless somebody asks for
 * them, so that who does not has nothing that reads his terminal.
 */
final class Console {

    /** With what comes to be last, as the last: a shell that answers before the box is up says only that nothing is there. */
    private static final int LEVEL = 6;

    private static final List<String> JARS = List.of("org.apache.felix.gogo.runtime.jar", "org.apache.felix.gogo.command.jar", "shell.jar",
            "org.apache.felix.gogo.shell.jar");

    private Console() {
    }

    /** @param box what lies in the box, by its path; null if it does not */
    static void open(BundleContext context, Function<String, InputStream> box) throws SettingException {
        if (System.getProperty("gosh.args") == null) {
            System.setProperty("gosh.args", "--noshutdown"); // where there is no terminal it ends at once, and the gateway must not
        }
        try {
            List<Bundle> bundles = new ArrayList<>();
            for (String jar : JARS) {
                try (InputStream in = box.apply("shell/" + jar)) {
                    if (in == null) {
                        throw Known.SHELL.wrong("true", "is not for this box, which brings no shell", "leave it out; the gateway has one");
                    }
                    bundles.add(context.installBundle("pantograph:shell/" + jar, in));
                }
            }
            for (Bundle bundle : bundles) {
                bundle.adapt(BundleStartLevel.class).setStartLevel(LEVEL);
                bundle.start();
            }
        } catch (IOException | BundleException e) {
            throw Known.SHELL.wrong("true", "cannot be had: " + e.getMessage(), "leave it out, or get the box anew");
        }
    }
}
