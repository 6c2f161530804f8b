package io.pantograph.deploy;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.Trial;
import io.pantograph.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes releases of the release document in a file. What vanishes from the document is taken out, if it came by the document; the file
 * itself may vanish, and nothing changes. A document that is wrong is told of once, and nothing changes either.
 */
final class Desired {

    static final String DOOR = "file";
    private static final int MOST = 262_144;
    private static final Logger LOG = LoggerFactory.getLogger(Desired.class);

    private final Path file;
    private final Deployments deployments;
    private final Notes notes;
    private Object seen = "";
    private Object taken = "";
    private String asked = "";
    private String sha256;
    private boolean done;

    /** @param notes where to remember what was handed in */
    Desired(Path file, Deployments deployments, Notes notes) {
        this.file = file;
        this.deployments = deployments;
        this.notes = notes;
        Values before = notes.read();
        sha256 = before.get("sha256") instanceof String text ? text : "";
        done = Boolean.TRUE.equals(before.get("done"));
    }

    /** Looks at the file; takes it when it is the same as at the last look, so that nobody is writing it. */
    synchronized void look() throws IOException {
        Object now = state();
        if (now.equals(seen) && !now.equals(taken)) {
            taken = now;
            if (!now.equals("none")) {
                try (InputStream in = Files.newInputStream(file)) {
                    take(in.readNBytes(MOST + 1)); // whatever somebody has put there, it may not fill our memory
                }
            }
        }
        seen = now;
    }

    private Object state() throws IOException {
        try {
            return List.of(Files.getLastModifiedTime(file), Files.size(file));
        } catch (NoSuchFileException e) {
            return "none";
        }
    }

    private void take(byte[] text) throws IOException {
        String hash = HexFormat.of().formatHex(Artifacts.sha256().digest(text));
        if (hash.equals(sha256) && (done || !asked.isEmpty())) {
            return; // as it was handed in before, be it before a restart
        }
        Optional<Release> release;
        try {
            release = release(text);
        } catch (CodecException | IllegalArgumentException e) {
            LOG.error("{} is not taken: {}; what is deployed stays as it is", file, e.getMessage());
            return;
        }
        sha256 = hash;
        done = release.isEmpty();
        asked = release.map(deployments::deploy).map(Deployment::id).orElse("");
        remember();
    }

    private Optional<Release> release(byte[] text) throws CodecException {
        if (text.length > MOST) {
            throw new IllegalArgumentException("it has more than " + MOST + " bytes, which is the most that a document may have");
        }
        if (!(JsonReader.read(Bytes.of(text)) instanceof Values document)) {
            throw new IllegalArgumentException("it must be an object, as in {\"bundles\": {}}");
        }
        Values bundles = document.values("bundles");
        List<Change> changes = new ArrayList<>();
        Release read = Release.of(DOOR, bundles.isEmpty() ? naming(document) : document);
        Optional<Release> named = bundles.isEmpty() ? Optional.empty() : Optional.of(read);
        named.ifPresent(release -> changes.addAll(release.changes()));
        deployments.bundles().stream().filter(one -> one.door().equals(DOOR) && !bundles.containsKey(one.name())).map(Deployed::name).distinct()
                .forEach(name -> changes.add(new Change.Remove(name)));
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Release(DOOR, changes, named.map(Release::trial).orElse(Trial.USUAL), named.flatMap(Release::deadline)));
    }

    /** A release names a bundle; a document that names none is looked over all the same. */
    private static Values naming(Values document) {
        Values.Builder some = Values.builder();
        document.forEach((name, value) -> some.put(name, name.equals("bundles") ? Values.of("any", null) : value));
        return some.build();
    }

    /** See {@link io.pantograph.api.operator.DeploymentListener}. */
    synchronized void told(Deployment deployment) throws IOException {
        if (deployment.id().equals(asked) && deployment.state().isEnd()) {
            done = true;
            remember();
        }
    }

    private void remember() throws IOException {
        notes.write(Values.of("sha256", sha256, "done", done));
    }
}
