package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import java.io.IOException;
import java.net.URL;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where a box begins. Reads the arguments and the settings, takes the data folder, says where framework, log and
 * configuration live in it, and hands over to the launcher that is in the box. So a wrong setting ends the start before
 * anything else could speak.
 */
public final class Main {

    /** The exit code for a setting or an argument that cannot work. */
    static final int WRONG_SETTING = 2;

    private static final String GATEWAY = "gateway";

    /** The root of the platform's own logging; the console is not for what goes well. */
    private static final Logger QUIET = Logger.getLogger("");

    /** Held as long as the process lives. */
    private static FileLock lock;

    private Main() {}

    public static void main(String[] arguments) throws Throwable {
        List<String> asked = List.of(arguments);
        if (asked.contains("--help") || asked.contains("-h")) {
            help();
        } else if (asked.contains("--version")) {
            System.out.println(about(Attributes.Name.IMPLEMENTATION_TITLE) + " " + about(Attributes.Name.IMPLEMENTATION_VERSION));
        } else {
            try {
                take(asked);
                prepare(Sheet.read(System.getProperties()));
            } catch (SettingException e) {
                System.err.println(e.getMessage());
                System.exit(WRONG_SETTING);
            }
            if (about(Attributes.Name.IMPLEMENTATION_TITLE).endsWith(GATEWAY)) {
                greet();
            }
            launch();
        }
    }

    /** A hub says where it listens, once it does; a gateway alone would start without a word. */
    private static void greet() throws IOException {
        String home = System.getProperty(Known.HOME.key);
        System.out.printf("%s %s, data in %s%n  devices  conf/devices%n  bundles  drop%n  log      log/pantograph.log%n",
                about(Attributes.Name.IMPLEMENTATION_TITLE), about(Attributes.Name.IMPLEMENTATION_VERSION), home);
    }

    /** What stands behind the jar wins over what stands before it. */
    private static void take(List<String> arguments) throws SettingException {
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length == 2 && parts[0].equals("--home")) {
                System.setProperty(Known.HOME.key, parts[1]);
            } else if (parts.length == 2 && parts[0].startsWith(Known.PREFIX)) {
                System.setProperty(parts[0], parts[1]);
            } else {
                throw new SettingException("argument", argument, "is not understood", "--help tells what is");
            }
        }
    }

    private static void prepare(Sheet sheet) throws SettingException {
        HomeFolder home = new HomeFolder(sheet.home());
        home.open();
        lock = home.lock();
        System.setProperty(Known.HOME.key, sheet.home().toString());
        System.setProperty("org.osgi.framework.storage", home.folder("cache").resolve("framework").toString());
        // Left to itself, File Install takes every bundle that it finds in a folder "load" beside where the box was started.
        System.setProperty("felix.fileinstall.dir", home.folder("cache").resolve("nothing").toString());
        System.setProperty("felix.fileinstall.noInitialDelay", "true"); // it could not be stopped while it waits to begin
        System.setProperty("felix.fileinstall.poll", Long.toString(TimeUnit.DAYS.toMillis(1)));
        home.folder("log");
        // Ours unless the operator has one of his own.
        Path logging = home.folder("conf").resolve("logback.xml");
        byDefault("logback.configurationFile", Files.exists(logging) ? logging.toString() : resource("logback.xml").toString());
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s %5$s%n");
        QUIET.setLevel(Level.WARNING);
    }

    private static void byDefault(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    private static void launch() throws Throwable {
        Class.forName("aQute.launcher.pre.EmbeddedLauncher").getMethod("main", String[].class)
                .invoke(null, (Object) new String[0]);
    }

    private static void help() throws IOException {
        System.out.printf("%s %s%n%nUsage: java -jar BOX.jar [--home=FOLDER] [SETTING=VALUE ...]%n%n",
                about(Attributes.Name.IMPLEMENTATION_TITLE), about(Attributes.Name.IMPLEMENTATION_VERSION));
        System.out.printf("A setting may also be a system property, or stand in FOLDER/conf/pantograph.properties.%n%n");
        for (Known known : Known.values()) {
            System.out.printf("  %-28s %s%s%n", known.key, known.meaning,
                    known.otherwise.isEmpty() ? "" : " (" + known.otherwise + ")");
        }
        System.out.printf("%n  --help, --version            print this, print the version%n");
    }

    private static String about(Attributes.Name what) throws IOException {
        try (var in = resource("META-INF/MANIFEST.MF").openStream()) {
            String value = new Manifest(in).getMainAttributes().getValue(what);
            return value == null ? "Pantograph" : value;
        }
    }

    private static URL resource(String name) {
        return Main.class.getClassLoader().getResource(name);
    }
}
