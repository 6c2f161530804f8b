package io.pantograph.cli;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.MethodAnswer;
import io.pantograph.api.service.MethodCall;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.Target;
import io.pantograph.service.Artifacts;
import io.pantograph.service.Clients;
import io.pantograph.shell.Tables;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** A gateway elsewhere, through the hub: by the method {@code deploy} of the gateway's own device. It fetches jars from the hub. */
final class RemoteGate implements Gate {

    private static final String METHOD = "deploy";
    private static final Duration USUAL = Duration.ofSeconds(30);
    /** A plan has to fetch its jars first. */
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final long LEAST_PAUSE_MS = 2_000;

    private final Clients clients;
    private final ServiceClient hub;
    private final Target device;

    RemoteGate(Clients clients, ServiceClient hub, String device) {
        this.clients = clients;
        this.hub = hub;
        this.device = Target.of(device);
    }

    @Override
    public Values bring(Jar jar) throws Exception {
        Bytes bytes = Bytes.wrap(Files.readAllBytes(jar.file()));
        String url = Access.await(Artifacts.put(hub, jar.sha256(), bytes)).toString();
        return Values.of("version", jar.version(), "url", url, "sha256", jar.sha256());
    }

    @Override
    public Values plan(Values release) throws Exception {
        return asked("plan", release, LONG);
    }

    @Override
    public Values add(Values release) throws Exception {
        return asked("add", release, USUAL);
    }

    @Override
    public Values remove(String bundle) throws Exception {
        return asked("remove", Values.of("name", bundle), USUAL);
    }

    @Override
    public List<Values> bundles() throws Exception {
        return Tables.objects(asked("list", Values.EMPTY, USUAL), "bundles");
    }

    @Override
    public List<Values> deployments() throws Exception {
        return Tables.objects(asked("list", Values.EMPTY, USUAL), "deployments");
    }

    @Override
    public Values show(String what) throws Exception {
        return asked("show", Values.of("what", what), USUAL);
    }

    // A method answers at once, so it is asked now and then.
    @Override
    public Values next(String id, String seen, Duration time) throws Exception {
        Thread.sleep(Math.max(LEAST_PAUSE_MS, time.toMillis()));
        return show(id);
    }

    @Override
    public Values promote(String what) throws Exception {
        return asked("promote", Values.of("what", what), USUAL);
    }

    @Override
    public Values rollback(String what, String why) throws Exception {
        return asked("rollback", Values.of("what", what, "why", why), USUAL);
    }

    @Override
    public List<Values> codecs() throws Exception {
        throw notThere("codecs");
    }

    @Override
    public Values parked(int most) throws Exception {
        throw notThere("parked");
    }

    @Override
    public Values waiting(int most) throws Exception {
        throw notThere("waiting");
    }

    private static Trouble notThere(String what) {
        return Trouble.usage("deploy " + what + " is not told through a hub; ask on the gateway's own machine, without --device");
    }

    /** A plan with refusals and a deployment that was refused come with 409, and are answers all the same. */
    private Values asked(String verb, Values given, Duration patience) throws Exception {
        MethodAnswer answer = Access.await(hub.invoke(device, MethodCall.of(METHOD).with(Values.of(verb, given)).within(patience)));
        if (answer.payload().data() instanceof Values values && (answer.status() < 400 || values.containsKey("id") || values.containsKey("refusals"))) {
            return values;
        }
        String message = answer.payload().data() instanceof Values values ? Text.member(values, "message") : "";
        throw new Trouble(Trouble.REFUSED, message.isEmpty() ? "device '" + device + "' answered the method " + METHOD + " with " + answer.status()
                + "; is it named in its gateway's setting pantograph.gateway.devices?" : message);
    }

    @Override
    public void close() {
        clients.close();
    }
}
