package io.pantograph.gateway.rest;

import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be asked, by path and method. */
final class Api {

    private static final String DOOR = "rest";
    private static final int MOST_WAIT_S = 60;
    private static final int MOST_TOLD = 1_000;

    private final Deployments deployments;
    private final Overview overview;
    private final Waiting waiting;
    private final List<Path> paths;

    Api(Deployments deployments, Overview overview, Waiting waiting) {
        this.deployments = deployments;
        this.overview = overview;
        this.waiting = waiting;
        String id = "([A-Za-z0-9._-]{1,200})";
        paths = List.of(
                path("/deployments", get(this::list), new Way("POST", this::deploy)),
                path("/deployments/" + id, get(this::show)),
                path("/deployments/" + id + "/promote", new Way("POST", this::promote)),
                path("/deployments/" + id + "/rollback", new Way("POST", this::rollback)),
                path("/plan", new Way("POST", this::plan)),
                path("/artifacts", new Way("PUT", this::take)),
                path("/bundles", get(this::bundles)),
                path("/bundles/" + id, get(this::bundle), new Way("DELETE", this::remove)),
                path("/codecs", get((what, call) -> now(overview.codecs(), call))),
                path("/parked", get(this::parked)),
                path("/waiting", get(this::waiting)));
    }

    private interface Deed {

        /** @param what the name in the path; empty if it has none */
        CompletionStage<Answer> on(String what, Call call) throws Problem, RefusedException, IOException;
    }

    private record Way(String method, Deed deed) {
    }

    private record Path(Pattern pattern, List<Way> ways) {
    }

    private static Path path(String pattern, Way... ways) {
        return new Path(Pattern.compile(pattern), List.of(ways));
    }

    private static Way get(Deed deed) {
        return new Way("GET", deed);
    }

    /** Fails, now or later, with {@link Problem}. */
    CompletionStage<Answer> ask(Call call) throws Problem {
        String method = call.method().equals("HEAD") ? "GET" : call.method();
        for (Path path : paths) {
            Matcher matcher = path.pattern().matcher(call.path());
            if (matcher.matches()) {
                Way way = path.ways().stream().filter(one -> one.method().equals(method)).findFirst()
                        .orElseThrow(() -> Problem.method(Names.visible(call.method()), allowed(path)));
                return go(way, matcher.groupCount() > 0 ? matcher.group(1) : "", call);
            }
        }
        throw new Problem(404, "there is nothing at '" + Names.visible(call.path()) + "'; there are /deployments, /plan, /artifacts, /bundles, /codecs, /parked and /waiting");
    }

    private static String allowed(Path path) {
        return String.join(", ", path.ways().stream().flatMap(way -> way.method().equals("GET") ? List.of("GET", "HEAD").stream() : List.of(way.method()).stream())
                .toList());
    }

    private static CompletionStage<Answer> go(Way way, String what, Call call) throws Problem {
        try {
            return way.deed().on(what, call);
        } catch (RefusedException e) {
            throw new Problem(409, e.getMessage());
        } catch (Body.TooLarge e) {
            throw new Problem(413, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Problem(400, e.getMessage());
        } catch (IOException e) {
            throw new Problem(500, "what was sent could not be read or kept: " + e.getMessage());
        }
    }

    private static CompletionStage<Answer> now(Values values, Call call) throws Problem {
        Query.of(call.query());
        return answered(values);
    }

    private static CompletionStage<Answer> answered(Values values) {
        return CompletableFuture.completedFuture(Answer.ok(values));
    }

    // Without their histories, which would be long; each has its own at its own path.
    private CompletionStage<Answer> list(String nothing, Call call) throws Problem {
        return now(Values.of("deployments", deployments.deployments().stream().map(Api::brief).toList()), call);
    }

    private static Values brief(Deployment deployment) {
        Values.Builder brief = Values.builder();
        deployment.values().forEach((name, value) -> {
            if (!name.equals("history")) {
                brief.put(name, value);
            }
        });
        return brief.build();
    }

    private CompletionStage<Answer> show(String id, Call call) throws Problem {
        Query query = Query.of(call.query(), "wait", "seen");
        Duration wait = Duration.ofSeconds(query.number("wait", 0, 0, MOST_WAIT_S));
        return waiting.next(id, query.text("seen").orElse(""), wait)
                .thenApply(found -> Answer.ok(found.orElseThrow(() -> new CompletionException(new Problem(404, "there is no deployment '" + id + "'; GET /deployments lists them"))).values()));
    }

    private CompletionStage<Answer> deploy(String nothing, Call call) throws Problem, IOException {
        Query query = Query.of(call.query(), "plan");
        Release release = Release.of(DOOR, call.body().document());
        return query.has("plan") ? answered(deployments.plan(release).values()) : begun(deployments.deploy(release));
    }

    private CompletionStage<Answer> plan(String nothing, Call call) throws Problem, IOException {
        Query.of(call.query());
        return answered(deployments.plan(Release.of(DOOR, call.body().document())).values());
    }

    private static CompletionStage<Answer> begun(Deployment deployment) {
        return CompletableFuture.completedFuture(Answer.accepted(deployment.values(), "/deployments/" + deployment.id()));
    }

    private CompletionStage<Answer> take(String nothing, Call call) throws Problem, RefusedException, IOException {
        Query.of(call.query());
        return answered(Values.of("sha256", deployments.take(call.body().jar())));
    }

    private CompletionStage<Answer> promote(String what, Call call) throws Problem, RefusedException {
        Query.of(call.query());
        known(what);
        return answered(deployments.promote(what, DOOR).values());
    }

    private CompletionStage<Answer> rollback(String what, Call call) throws Problem, RefusedException, IOException {
        Query.of(call.query());
        known(what);
        Values document = call.body().document();
        for (String name : document.keySet()) {
            if (!name.equals("why")) {
                throw new Problem(400, "'" + Names.visible(name) + "' is not known here; the body may tell 'why', a sentence for the history");
            }
        }
        String why = document.containsKey("why") ? document.text("why") : "asked for";
        return answered(deployments.rollback(what, DOOR, Names.visible(why)).values());
    }

    // To tell what is not there from what is not to be done.
    private void known(String what) throws Problem {
        boolean known = deployments.deployment(what).isPresent() || here(what).isPresent()
                || deployments.deployments().stream().anyMatch(one -> one.parts().stream().anyMatch(part -> part.name().equals(what)));
        if (!known) {
            throw new Problem(404, "there is no deployment and no deployed bundle '" + what + "'; GET /deployments and GET /bundles list them");
        }
    }

    private Optional<Deployed> here(String name) {
        return deployments.bundles().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private CompletionStage<Answer> bundles(String nothing, Call call) throws Problem {
        return now(Values.of("bundles", deployments.bundles().stream().map(Deployed::values).toList()), call);
    }

    private CompletionStage<Answer> bundle(String name, Call call) throws Problem {
        return now(here(name).orElseThrow(() -> noBundle(name)).values(), call);
    }

    private static Problem noBundle(String name) {
        return new Problem(404, "no deployment brought a bundle '" + name + "'; GET /bundles lists those that are here");
    }

    private CompletionStage<Answer> remove(String name, Call call) throws Problem {
        Query.of(call.query());
        if (here(name).isEmpty()) {
            throw noBundle(name);
        }
        return begun(deployments.deploy(new Release(DOOR, List.of(new Change.Remove(name)), Trial.USUAL, Optional.empty())));
    }

    private CompletionStage<Answer> parked(String nothing, Call call) throws Problem {
        return answered(overview.parked(most(call)));
    }

    private CompletionStage<Answer> waiting(String nothing, Call call) throws Problem {
        return answered(overview.waiting(most(call)));
    }

    private static int most(Call call) throws Problem {
        return (int) Query.of(call.query(), "most").number("most", 100, 0, MOST_TOLD);
    }
}
