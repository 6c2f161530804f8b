package io.pantograph.deploy;

import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.operator.Trial;
import io.pantograph.deploy.Claims.Claim;
import io.pantograph.deploy.Claims.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes releases of the jars in the drop folder. One file, one bundle: overwriting the file updates it, deleting the file takes it out. What
 * is not taken stands in {@code REFUSED.txt}; what was there before goes on.
 */
final class Dropped {

    static final String DOOR = "drop";

    private static final Logger LOG = LoggerFactory.getLogger(Dropped.class);

    private final Path folder;
    private final Path staged;
    private final Deployments deployments;
    private final Claims claims;
    private final Refusals refusals;
    /** By the id of its deployment, the file whose last one it is. */
    private final Map<String, String> asked = new HashMap<>();
    /** Files whose jars were good and whose releases were refused. */
    private final Set<String> lacking = new LinkedHashSet<>();
    /** Deployments by id and state, since each is told of again and again. */
    private final Set<String> helped = new HashSet<>();

    /** @param folder real path of the drop folder */
    Dropped(Path folder, Path home, Deployments deployments) throws IOException {
        this.folder = folder;
        this.deployments = deployments;
        staged = Files.createDirectories(home.resolve("staged"));
        claims = new Claims(new Notes(home.resolve("drop.json")));
        refusals = new Refusals(folder);
    }

    /** What happened to the folder while nobody looked. */
    synchronized void begin() throws IOException {
        List<Deployed> unknown = deployments.bundles().stream().filter(one -> one.door().equals(DOOR) && claims.owner(one.name()).isEmpty()).toList();
        for (String file : claims.files()) {
            Claim claim = claims.of(file).orElseThrow();
            if (!Files.exists(folder.resolve(file))) {
                gone(file);
            } else if (claim.outcome() == Outcome.REFUSED || claim.outcome() == Outcome.BACK) {
                refusals.add(file, claim.reason());
            }
        }
        refusals.write();
        for (Deployed one : unknown) {
            adopt(one);
        }
    }

    /** Of this bundle we know nothing any more. */
    private void adopt(Deployed one) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.getFileName().toString().endsWith(".jar") && Files.isRegularFile(each)).toList()) {
                if (Artifacts.hash(file).equals(one.sha256())) {
                    claims.put(file.getFileName().toString(), new Claim(one.sha256(), one.name(), "", Outcome.DONE, ""));
                    return;
                }
            }
        }
        LOG.info("{} {} goes, since no file in {} holds it any more", one.name(), one.version(), folder);
        deployments.deploy(new Release(DOOR, List.of(new Change.Remove(one.name())), Trial.USUAL, Optional.empty()));
    }

    /** The file is there, perhaps as it was before a restart. */
    synchronized void came(String file) throws IOException {
        take(file, false);
    }

    /** The file was written, perhaps with what was in it. */
    synchronized void changed(String file) throws IOException {
        take(file, true);
    }

    private void take(String file, boolean written) throws IOException {
        Path copy = staged.resolve(file);
        Optional<Claim> before = claims.of(file);
        String earlier = before.map(one -> one.outcome() == Outcome.ASKED ? one.earlier() : one.bundle()).orElse("");
        String sha256 = "";
        try {
            if (Files.size(folder.resolve(file)) > Inspection.MAX_JAR) {
                throw Artifacts.tooLarge(); // it may be larger than what is left of the disk
            }
            // What is looked into is what is taken, whatever happens to the file meanwhile.
            Files.copy(folder.resolve(file), copy, StandardCopyOption.REPLACE_EXISTING);
            sha256 = Artifacts.hash(copy);
            if (before.isPresent() && before.get().sha256().equals(sha256) && settled(file, before.get(), written)) {
                LOG.debug("{} has not changed", file);
                return;
            }
            Facts facts = Inspection.of(copy, file);
            String kept;
            try (InputStream in = Files.newInputStream(copy)) {
                kept = deployments.take(in);
            }
            ask(file, new Claim(kept, facts.name(), earlier, Outcome.ASKED, ""));
        } catch (RefusedException e) {
            String goesOn = asked.containsValue(file) ? before.map(Claim::bundle).orElse("") : earlier; // what was asked for before may come yet
            refuse(file, new Claim(sha256, goesOn, earlier, Outcome.REFUSED, e.getMessage()), goesOn);
            LOG.warn("{}", claims.of(file).orElseThrow().reason());
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private boolean settled(String file, Claim claim, boolean written) {
        Optional<Deployed> here = deployed(claim.bundle());
        return switch (claim.outcome()) {
            case DONE -> here.isPresent() && here.get().sha256().equals(claim.sha256()) || !written && (here.isPresent() || !claim.reason().isEmpty());
            case BACK -> !written;
            case ASKED -> asked.containsValue(file); // on its way, and a second one would only take it back
            case REFUSED -> false;
        };
    }

    private Optional<Deployed> deployed(String bundle) {
        return deployments.bundles().stream().filter(one -> one.name().equals(bundle) && one.state().isEnd()).findFirst();
    }

    private void ask(String file, Claim claim) throws IOException {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Install(Optional.of(claim.bundle()), Optional.empty(), new Change.Jar.Kept(claim.sha256())));
        boolean renamed = !claim.earlier().isEmpty() && !claim.earlier().equals(claim.bundle());
        if (renamed && claims.owner(claim.earlier()).equals(Optional.of(file))) {
            changes.add(new Change.Remove(claim.earlier()));
        }
        claims.put(file, claim);
        lacking.remove(file);
        asked.values().remove(file);
        asked.put(deployments.deploy(new Release(DOOR, changes, Trial.USUAL, Optional.empty())).id(), file);
    }

    /** The file was deleted. */
    synchronized void gone(String file) throws IOException {
        Optional<Claim> claim = claims.of(file);
        boolean counts = claim.isPresent() && !claim.get().bundle().isEmpty() && claims.owner(claim.get().bundle()).equals(Optional.of(file));
        boolean going = asked.values().remove(file);
        claims.remove(file);
        refusals.settled(file);
        if (!counts) {
            return;
        }
        String bundle = claim.get().bundle();
        Optional<Deployed> here = deployed(bundle);
        Optional<String> other = claims.owner(bundle).filter(one -> Files.exists(folder.resolve(one)));
        if (other.isPresent()) {
            take(other.get(), true);
        } else if (going || here.isPresent() && here.get().door().equals(DOOR)) {
            deployments.deploy(new Release(DOOR, List.of(new Change.Remove(bundle)), Trial.USUAL, Optional.empty()));
        } else if (here.isPresent()) {
            LOG.info("{} was deleted; {} {} stays, since it came by {} meanwhile", file, bundle, here.get().version(), here.get().door());
        }
    }

    /** See {@link io.pantograph.api.operator.DeploymentListener}. */
    synchronized void told(Deployment deployment) throws IOException {
        if (deployment.state() == State.PROBATION || deployment.state() == State.PROVEN) {
            help(deployment);
        }
        if (!deployment.state().isEnd()) {
            return;
        }
        String file = asked.remove(deployment.id());
        if (file == null) {
            others(deployment);
            return;
        }
        Claim claim = claims.of(file).orElseThrow();
        boolean proven = deployment.state() == State.PROVEN;
        if (claim.outcome() != Outcome.ASKED) {
            claims.change(file, proven ? claim.over(claim.bundle()) : claim.over(claim.earlier())); // the file's bytes are others by now
        } else if (proven || deployment.reason().startsWith("superseded by ")) {
            claims.change(file, claim.done(proven ? "" : deployment.reason()));
            refusals.settled(file);
        } else {
            if (deployment.state() == State.REFUSED) {
                lacking.add(file);
            }
            refuse(file, claim.failed(deployment.state() == State.REFUSED ? Outcome.REFUSED : Outcome.BACK, deployment.reason()), claim.bundle());
        }
    }

    /** Files come in any order: one may have been refused for want of what is here now. */
    private void help(Deployment deployment) throws IOException {
        if (lacking.isEmpty() || deployment.parts().stream().noneMatch(part -> part.before().isEmpty()) || !helped.add(deployment.id() + deployment.state())) {
            return;
        }
        for (String file : List.copyOf(lacking)) {
            lacking.remove(file);
            if (Files.exists(folder.resolve(file))) {
                take(file, true);
            }
        }
        if (helped.size() > 1_000) {
            helped.clear();
        }
    }

    /** What another door has done to what came by a file: the file does not count any more until it is written again. */
    private void others(Deployment deployment) throws IOException {
        if (deployment.door().equals(DOOR) || deployment.state() != State.PROVEN && deployment.state() != State.REMOVED) {
            return;
        }
        for (Part part : deployment.parts()) {
            Optional<String> file = claims.owner(part.name());
            if (file.isPresent() && claims.of(file.get()).orElseThrow().outcome() == Outcome.DONE) {
                claims.change(file.get(), claims.of(file.get()).orElseThrow().done(deployment.id() + " by " + deployment.door()));
            }
        }
    }

    /** @param bundle of which something may be here that goes on */
    private void refuse(String file, Claim claim, String bundle) throws IOException {
        String sentence = claim.reason().startsWith(file) ? claim.reason() : file + ": " + claim.reason();
        String line = deployments.bundles().stream()
                .filter(one -> (one.name().equals(bundle) || one.name().equals(claim.earlier())) && !one.sha256().equals(claim.sha256())).findFirst()
                .map(one -> sentence + ". Version " + one.version() + ", which was there before, goes on working").orElse(sentence);
        claims.change(file, claim.because(line));
        refusals.refused(file, line);
    }
}
