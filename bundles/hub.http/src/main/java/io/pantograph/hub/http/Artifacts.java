package io.pantograph.hub.http;

import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What gateways are to install: {@code PUT}, {@code GET}, {@code HEAD} and {@code DELETE /artifacts/{sha256}}, and {@code GET /artifacts} for
 * the list. Reading needs no login: who knows the hash was told it by somebody who may, and what comes is checked against it. All else
 * needs one, see {@link Uploaders}. They lie in {@code HOME/hub/artifacts}, together at most {@code pantograph.hub.artifacts.mib}.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({Artifacts.ROOT, Artifacts.ROOT + "/*"})
@HttpWhiteboardServletAsyncSupported
public final class Artifacts extends HttpServlet {

    static final String ROOT = "/artifacts";
    static final String MIB = "pantograph.hub.artifacts.mib";

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(Artifacts.class);
    private static final String ALLOWED = "DELETE, GET, HEAD, PUT";

    private final transient Json json;
    private final transient Uploaders uploaders;
    private final transient Shelf shelf;

    @Activate
    public Artifacts(@Reference Settings settings, @Reference Access access, @Reference Json json) throws SettingException {
        this.json = json;
        uploaders = new Uploaders(access);
        shelf = shelf(settings);
    }

    private static Shelf shelf(Settings settings) throws SettingException {
        try {
            return new Shelf(settings.home().resolve("hub").resolve("artifacts"), settings.number(MIB, 512, 1, 1 << 20) << 20);
        } catch (IOException e) {
            SettingException why = new SettingException("pantograph.home", settings.home(), "holds a folder hub/artifacts that cannot be used ("
                    + e.getMessage() + ')', "check its rights");
            settings.fail(why);
            throw why;
        } catch (SettingException e) {
            settings.fail(e);
            throw e;
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addPolicies(ServiceAccess policies) {
        uploaders.come(policies);
    }

    void removePolicies(ServiceAccess policies) {
        uploaders.go(policies);
    }

    static Values shape(String sha256, long length) {
        return Values.of("sha256", sha256, "length", length);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext exchange = request.startAsync();
        exchange.setTimeout(0);
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            String wanted = wanted(request);
            if (request.getMethod().equals("PUT")) {
                take(request, exchange, wanted);
            } else if (!wanted.isEmpty() && (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))) {
                give(request, exchange, wanted);
            } else {
                read(request, exchange, answered(request, wanted));
            }
        } catch (Problem e) {
            read(request, exchange, e.answer());
        } catch (RuntimeException | LinkageError e) {
            log.error("HTTP: {} {} failed", request.getMethod(), Names.visible(request.getRequestURI()), e);
            read(request, exchange, Problem.broken().answer());
        }
    }

    /** The hash in the path; empty if it is the path of all. */
    private static String wanted(HttpServletRequest request) {
        List<String> levels = Paths.levels(request.getRequestURI().substring(ROOT.length()));
        if (levels.size() > 1) {
            throw Problem.missing("There is nothing at this path.");
        }
        return levels.isEmpty() ? "" : Shelf.name(levels.get(0))
                .orElseThrow(() -> Problem.invalid("'" + Names.visible(levels.get(0)) + "' must be a SHA-256 in 64 hexadecimal digits"));
    }

    /** What needs no streaming. */
    private Answer answered(HttpServletRequest request, String wanted) throws IOException {
        boolean list = wanted.isEmpty() && request.getMethod().equals("GET");
        if (!list && (wanted.isEmpty() || !request.getMethod().equals("DELETE"))) {
            throw Problem.wrongMethod(Names.visible(request.getMethod()), wanted.isEmpty() ? "GET" : ALLOWED);
        }
        uploaders.admit(request);
        if (list) {
            return Answer.ok(Values.of(
                    "artifacts", shelf.all().stream().map(item -> Values.of("sha256", item.sha256(), "length", item.length(),
                            "since", Shapes.time(item.since()))).toList(),
                    "used", shelf.used(),
                    "most", shelf.most()));
        }
        if (!shelf.remove(wanted)) {
            throw missing(wanted);
        }
        log.info("artifact {} was deleted", wanted);
        return Answer.gone();
    }

    private static Problem missing(String wanted) {
        return Problem.missing("Artifact " + wanted + " is not here; put it here first.");
    }

    private void take(HttpServletRequest request, AsyncContext exchange, String wanted) throws IOException {
        Problem refusal = null;
        try {
            if (wanted.isEmpty()) {
                throw Problem.wrongMethod("PUT", "GET");
            }
            uploaders.admit(request);
            if (request.getContentLengthLong() > Shelf.MOST_BYTES) {
                throw Problem.tooLarge((int) Shelf.MOST_BYTES);
            }
            if (shelf.find(wanted).isEmpty() && shelf.full(Math.max(0, request.getContentLengthLong()))) {
                throw Problem.full();
            }
        } catch (Problem e) {
            refusal = e;
        }
        boolean listens = refusal == null || request.getHeader("Expect") == null && request.getContentLengthLong() <= Indraft.MOST_PASSED_OVER;
        if (!listens) {
            reply(exchange, refusal.answer());
            return;
        }
        Shelf.Arrival arrival = refusal == null ? shelf.arrival(wanted) : null;
        new Indraft(request.getInputStream(), arrival, refusal, answer -> {
            if (answer.status() == HttpServletResponse.SC_CREATED) {
                log.info("artifact {} is here", wanted);
            }
            reply(exchange, answer);
        }).begin(() -> end(exchange));
    }

    private void give(HttpServletRequest request, AsyncContext exchange, String wanted) throws IOException {
        HttpServletResponse response = (HttpServletResponse) exchange.getResponse();
        Shelf.Item item = shelf.find(wanted).orElseThrow(() -> missing(wanted));
        String tag = '"' + wanted + '"';
        response.setHeader("ETag", tag);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Cache-Control", "no-cache"); // what it is never changes; whether it is here may
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            exchange.complete();
            return;
        }
        boolean same = request.getHeader("If-Range") == null || request.getHeader("If-Range").equals(tag);
        Piece piece = Piece.of(same ? request.getHeader("Range") : null, item.length());
        if (piece == null) {
            response.setHeader("Content-Range", "bytes */" + item.length());
            throw Problem.outside(item.length());
        }
        boolean head = request.getMethod().equals("HEAD");
        Optional<FileChannel> file = head ? Optional.empty() : Optional.of(shelf.open(wanted).orElseThrow(() -> missing(wanted)));
        response.setContentType("application/octet-stream");
        response.setContentLengthLong(piece.length());
        if (!piece.whole()) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader("Content-Range", "bytes " + piece.from() + '-' + (piece.from() + piece.length() - 1) + '/' + item.length());
        }
        if (file.isEmpty()) {
            exchange.complete();
            return;
        }
        Outpour pour = new Outpour(exchange, file.get(), piece);
        exchange.addListener(new AtEnd(pour::close));
        pour.begin();
    }

    /** Hears out what the answer did not need, and gives it. */
    private void read(HttpServletRequest request, AsyncContext exchange, Answer answer) throws IOException {
        new Intake(request.getInputStream(), 0, body -> reply(exchange, answer)).begin(() -> end(exchange));
    }

    private void reply(AsyncContext exchange, Answer answer) {
        HttpServletResponse response = (HttpServletResponse) exchange.getResponse();
        try {
            response.setStatus(answer.status());
            response.setHeader("Cache-Control", "no-store");
            answer.headers().forEach(response::setHeader);
            Bytes body = answer.body() == null ? Bytes.EMPTY : json.write(answer.body());
            if (answer.body() != null) {
                response.setContentType("application/json;charset=UTF-8");
                response.setContentLength(body.length());
            }
            Outflow outflow = new Outflow(exchange);
            exchange.addListener(new AtEnd(outflow::lost));
            boolean head = ((HttpServletRequest) exchange.getRequest()).getMethod().equals("HEAD");
            outflow.whole(head ? Bytes.EMPTY : body);
            outflow.flow(null);
        } catch (IOException | RuntimeException e) {
            log.debug("HTTP: an asker is gone", e);
            end(exchange);
        }
    }

    private static void end(AsyncContext exchange) {
        try {
            exchange.complete();
        } catch (IllegalStateException over) {
            // the server did it
        }
    }

    /** Does this when the exchange is over, however it ended. */
    private record AtEnd(Runnable then) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            then.run();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            then.run();
        }

        @Override
        public void onError(AsyncEvent event) {
            then.run();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // it is begun once
        }
    }
}
