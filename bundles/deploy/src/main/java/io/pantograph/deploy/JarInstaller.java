package io.pantograph.deploy;

import io.pantograph.api.core.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every jar that File Install finds, so that none comes past the checks. File Install calls from one thread, once for each change
 * of a file that has come to rest, and hears of no failure: what is refused is told to the operator and is tried again when it changes.
 */
@Component(property = {Constants.SERVICE_RANKING + ":Integer=1000", JarInstaller.DOOR + "=drop"})
public final class JarInstaller implements ArtifactInstaller {

    static final String DOOR = "pantograph.deploy";
    static final String FOLDER = "drop";

    private static final Logger LOG = LoggerFactory.getLogger(JarInstaller.class);

    private final Path folder;
    private final Placement placement;
    private final Shelf shelf;
    private final Refusals refusals;

    @Activate
    public JarInstaller(BundleContext context, @Reference Settings settings) throws IOException {
        folder = Files.createDirectories(settings.home().resolve(FOLDER)).toRealPath();
        placement = new Placement(context);
        shelf = new Shelf(settings.home().resolve("deploy"));
        refusals = new Refusals(folder);
        refusals.write();
        forgetTheDeleted();
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().toLowerCase(Locale.ROOT).endsWith(".jar");
    }

    @Override
    public synchronized void install(File file) throws IOException {
        take(file.toPath());
    }

    @Override
    public synchronized void update(File file) throws IOException {
        take(file.toPath());
    }

    @Override
    public synchronized void uninstall(File file) throws IOException {
        drop(file.getName());
    }

    private void take(Path jar) throws IOException {
        String file = jar.getFileName().toString();
        if (!Files.exists(jar)) {
            return; // deleted meanwhile, of which we hear next
        }
        if (!folder.equals(jar.toRealPath().getParent())) {
            LOG.warn("{} is not taken: only jars in {} are", jar, folder);
            return;
        }
        try {
            Path copy = shelf.stage(jar);
            Facts facts = Inspection.of(copy);
            Bundle bundle = placement.of(file);
            if (bundle == null) {
                bundle = placement.install(file, copy, facts);
                LOG.info("{} from {} is in service", title(bundle), file);
            } else if (bundle.getState() == Bundle.ACTIVE && shelf.same(copy)) {
                LOG.debug("{} has not changed", file);
            } else {
                Version before = bundle.getVersion();
                placement.update(file, bundle, copy, facts, shelf.good(file));
                LOG.info("{} from {} is in service, in place of {}", title(bundle), file, before);
            }
            shelf.keep(copy);
            refusals.settled(file);
        } catch (Objection | IllegalStateException e) {
            if (placement.stopping()) {
                LOG.debug("{} is left for the next start", file, e);
            } else {
                refuse(file, e);
            }
        }
    }

    private void refuse(String file, Exception why) throws IOException {
        Bundle before = placement.of(file);
        if (before == null) {
            before = lastGood(file);
        }
        String line = before == null ? why.getMessage()
                : why.getMessage() + ". Version " + before.getVersion() + ", which was there before, goes on working";
        LOG.warn("{} was refused: it {}", file, line);
        LOG.debug("why {} was refused", file, why);
        refusals.refused(file, line);
    }

    /** After a restart the folder may hold only the successor that was refused. */
    private Bundle lastGood(String file) throws IOException {
        Path good = shelf.good(file);
        if (!Files.exists(good)) {
            return null;
        }
        try {
            return placement.install(file, good, Inspection.of(good));
        } catch (Objection e) {
            LOG.warn("the last version of {} that worked does not any more: it {}", file, e.getMessage());
            return null;
        }
    }

    private void drop(String file) throws IOException {
        Bundle bundle = placement.of(file);
        if (bundle != null) {
            String title = title(bundle);
            try {
                placement.remove(bundle);
                LOG.info("{} is out of service: {} was deleted", title, file);
            } catch (Objection e) {
                LOG.warn("{} was deleted, but its bundle {}", file, e.getMessage());
            }
        }
        shelf.forget(file);
        refusals.settled(file);
    }

    /** What was deleted while the box was off. */
    private void forgetTheDeleted() throws IOException {
        for (String file : placement.files()) {
            if (!Files.exists(folder.resolve(file))) {
                drop(file);
            }
        }
        for (Path kept : shelf.kept()) {
            if (!Files.exists(folder.resolve(kept.getFileName()))) {
                shelf.forget(kept.getFileName().toString());
            }
        }
    }

    private static String title(Bundle bundle) {
        Set<String> formats = Placement.formats(bundle);
        return (formats.isEmpty() ? "bundle " + bundle.getSymbolicName() : "codec " + String.join(", ", formats)) + ' ' + bundle.getVersion();
    }
}
