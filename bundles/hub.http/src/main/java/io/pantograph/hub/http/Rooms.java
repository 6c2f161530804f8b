package io.pantograph.hub.http;

import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.hub.HttpRoom;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives every request that is not for {@link Rest} to the room whose it is. No thread waits for a body, a room or a slow asker. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/*")
@HttpWhiteboardServletAsyncSupported
public final class Rooms extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(Rooms.class);

    /** The first level of {@link Rest}'s paths; what it does not serve of them is nobody's. */
    private static final String OWN = "api";
    /** What one reader of a path understands otherwise than the next. */
    private static final Pattern AMBIGUOUS = Pattern.compile("%2F|/(\\.|%2E){1,2}(/|$)", Pattern.CASE_INSENSITIVE);
    static final int MOST_BYTES = 4 << 20;
    /** The longest a room may take. */
    private static final long PATIENCE_S = 330;

    private final transient Json json;
    private final transient Callers callers;
    private final transient List<HttpRoom> rooms = new CopyOnWriteArrayList<>();

    @Activate
    public Rooms(@Reference Json json, @Reference Backend backend) {
        this.json = json;
        callers = backend.callers();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addRoom(HttpRoom room) {
        rooms.add(room);
    }

    void removeRoom(HttpRoom room) {
        rooms.remove(room);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext exchange = request.startAsync();
        exchange.setTimeout(0);
        Exchange held = new Exchange(exchange, request, response);
        Optional<HttpRoom> room = room(request.getRequestURI());
        int most = room.isPresent() ? MOST_BYTES : 0;
        if (request.getContentLengthLong() > Intake.MOST_PASSED_OVER) {
            held.refuse(Problem.tooLarge(MOST_BYTES));
            return;
        }
        new Intake(request.getInputStream(), most, body -> {
            if (AMBIGUOUS.matcher(request.getRequestURI()).find()) {
                held.refuse(Problem.invalid("the path holds an encoded slash, or a level of dots alone"));
            } else if (room.isEmpty()) {
                held.refuse(Problem.missing("There is nothing at this path."));
            } else if (body.isEmpty()) {
                held.refuse(Problem.tooLarge(MOST_BYTES));
            } else {
                ask(room.get(), held, body.get());
            }
        }).begin(held::lost);
    }

    private Optional<HttpRoom> room(String path) {
        String first = first(path);
        if (first.equals(OWN)) {
            return Optional.empty();
        }
        for (HttpRoom room : rooms) {
            try {
                if (room.claims(first)) {
                    return Optional.of(room);
                }
            } catch (RuntimeException | LinkageError e) {
                log.error("HTTP: {} failed to say whether it claims '{}'", room, Names.visible(first), e);
            }
        }
        return Optional.empty();
    }

    private static String first(String path) {
        int end = path.indexOf('/', 1);
        String first = path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
        try {
            List<String> levels = Paths.levels(first);
            return levels.isEmpty() ? "" : levels.get(0);
        } catch (Problem e) {
            return first; // nobody claims it
        }
    }

    private void ask(HttpRoom room, Exchange exchange, Bytes body) {
        HttpRequest asked;
        try {
            asked = exchange.asked(body);
        } catch (IllegalArgumentException e) {
            exchange.refuse(Problem.invalid("the query is badly encoded"));
            return;
        }
        CompletionStage<HttpAnswer> answer;
        try {
            answer = room.answer(asked);
        } catch (RuntimeException | LinkageError e) {
            answer = CompletableFuture.failedStage(e);
        }
        // Not the room's own stage: when we lose patience with it, that is no business of the room's.
        answer.thenApply(same -> same).toCompletableFuture().orTimeout(PATIENCE_S, TimeUnit.SECONDS).whenComplete((given, failure) -> {
            if (given == null) {
                log.error("HTTP: {} {} failed", asked.method(), Names.visible(asked.path()), failure);
                exchange.refuse(Problem.broken());
            } else {
                exchange.give(given);
            }
        });
    }

    /** One request and its answer. */
    private final class Exchange implements AsyncListener {

        private final AsyncContext context;
        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final Optional<Remote> remote;
        private volatile Outflow outflow;

        Exchange(AsyncContext context, HttpServletRequest request, HttpServletResponse response) {
            this.context = context;
            this.request = request;
            this.response = response;
            remote = callers.of(request);
            context.addListener(this);
        }

        HttpRequest asked(Bytes body) {
            Map<String, String> headers = new LinkedHashMap<>();
            for (String name : Collections.list(request.getHeaderNames())) {
                headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", Collections.list(request.getHeaders(name))));
            }
            return new HttpRequest(request.getMethod(), request.getRequestURI(), Query.of(request.getQueryString()), headers, body, remote);
        }

        void refuse(Problem problem) {
            Answer answer = problem.answer();
            Map<String, String> headers = new LinkedHashMap<>(answer.headers());
            headers.put("Content-Type", "application/json;charset=UTF-8");
            give(new HttpAnswer.Whole(answer.status(), headers, json.write(answer.body())));
        }

        void give(HttpAnswer answer) {
            try {
                response.setStatus(answer.status());
                response.setHeader("Cache-Control", "no-store"); // answers hold tokens
                response.setHeader("X-Content-Type-Options", "nosniff");
                answer.headers().forEach(response::setHeader);
                if (answer instanceof HttpAnswer.Whole whole) {
                    whole(whole);
                } else if (answer instanceof HttpAnswer.Live live) {
                    live(live);
                }
            } catch (IOException | RuntimeException e) {
                log.debug("HTTP: an asker is gone", e);
                lost();
            }
        }

        private void whole(HttpAnswer.Whole answer) throws IOException {
            if (answer.status() != HttpServletResponse.SC_NO_CONTENT && answer.status() != HttpServletResponse.SC_NOT_MODIFIED) {
                response.setContentLength(answer.body().length());
            }
            outflow = new Outflow(context);
            outflow.whole(request.getMethod().equals("HEAD") ? Bytes.EMPTY : answer.body());
            outflow.flow(null);
        }

        private void live(HttpAnswer.Live answer) throws IOException {
            Outflow sink = new Outflow(context);
            outflow = sink;
            sink.flow(request.getMethod().equals("HEAD") ? sink::end : () -> begin(answer, sink));
        }

        private void begin(HttpAnswer.Live answer, Outflow sink) {
            try {
                answer.begin().accept(sink);
            } catch (RuntimeException | LinkageError e) {
                log.error("HTTP: a room failed on the begin of its answer", e);
                sink.end();
            }
        }

        /** The asker is gone. */
        void lost() {
            Outflow flowing = outflow;
            if (flowing != null) {
                flowing.lost();
                return;
            }
            try {
                context.complete();
            } catch (IllegalStateException over) {
                // the server did it
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {
            Outflow flowing = outflow;
            if (flowing != null) {
                flowing.lost();
            }
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            lost();
        }

        @Override
        public void onError(AsyncEvent event) {
            lost();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // it is begun once
        }
    }
}
