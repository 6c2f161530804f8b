package io.pantograph.hub.http;

import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.Events;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.Management;
import io.pantograph.api.hub.Registry;
import io.pantograph.api.model.Names;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watson's REST API and HTTP messaging, version 0002. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({Rest.ROOT, Rest.ROOT + "/*"})
public final class Rest extends HttpServlet {

    static final String ROOT = "/api/v0002";

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(Rest.class);

    private final transient Json json;
    private final transient Doorkeeper doorkeeper;
    private final transient List<Route> routes = new ArrayList<>();
    private final transient Managing managing = new Managing();

    @Activate
    public Rest(@Reference Registry registry, @Reference Access access, @Reference Events events, @Reference Json json) {
        this.json = json;
        doorkeeper = new Doorkeeper(access);
        Shapes shapes = new Shapes(access.org());
        Devices devices = new Devices(registry, shapes, managing);
        routes.addAll(new Organisation(registry, access, events).routes());
        routes.addAll(new Types(registry, shapes).routes());
        routes.addAll(devices.routes());
        routes.addAll(managing.routes(devices));
        routes.addAll(new Requests(managing, shapes).routes());
        routes.addAll(new Bulk(registry, shapes, devices).routes());
        routes.addAll(new Recollection(registry, events, access, shapes).routes());
        routes.addAll(new Messages(registry, events).routes());
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addManagement(Management management) {
        managing.come(management);
    }

    void removeManagement(Management management) {
        managing.go(management);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answer answer = answer(request);
        passOver(request, response, answer.status());
        send(response, answer);
    }

    /**
     * Hears out what an answer did not need. To answer and hang up is what the server does otherwise, and who calls again on the
     * same connection at that moment gets nothing. Who has no right to speak is not listened to, but told of the hanging up.
     */
    private static void passOver(HttpServletRequest request, HttpServletResponse response, int status) throws IOException {
        long length = request.getContentLengthLong();
        if (length >= 0 && length <= Call.MOST_BYTES && status != HttpServletResponse.SC_UNAUTHORIZED) {
            request.getInputStream().transferTo(OutputStream.nullOutputStream());
        } else if ((length >= 0 || request.getHeader("Transfer-Encoding") != null) && !request.getInputStream().isFinished()) {
            response.setHeader("Connection", "close");
        }
    }

    private Answer answer(HttpServletRequest request) throws IOException {
        try {
            return route(request);
        } catch (Problem e) {
            return e.answer();
        } catch (RuntimeException | LinkageError e) {
            log.error("HTTP: {} {} failed", request.getMethod(), Names.visible(request.getRequestURI()), e);
            return Problem.broken().answer();
        }
    }

    private Answer route(HttpServletRequest request) throws IOException {
        List<String> levels = Paths.levels(request.getRequestURI().substring(ROOT.length()));
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> places = route.match(levels);
            if (places.isPresent() && route.method().equals(request.getMethod())) {
                HubIdentity who = doorkeeper.admit(request, route, places.get());
                return route.work().answer(new Call(request, json, who, places.get()));
            }
            if (places.isPresent()) {
                methods.add(route.method());
            }
        }
        if (methods.isEmpty()) {
            throw Problem.missing("There is nothing at this path.");
        }
        throw Problem.wrongMethod(Names.visible(request.getMethod()), String.join(", ", methods));
    }

    private void send(HttpServletResponse response, Answer answer) throws IOException {
        response.setStatus(answer.status());
        response.setHeader("Cache-Control", "no-store"); // answers hold tokens
        response.setHeader("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(response::setHeader);
        if (answer.body() != null) {
            byte[] body = json.write(answer.body()).shared();
            response.setContentType("application/json;charset=UTF-8");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}
