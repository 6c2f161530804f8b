package io.pantograph.bench.load;

import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.InnerBox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The gateway box as it is shipped, called as a bundle calls it: from content to acknowledgement. */
final class Ours implements Adapter {

    static final Content CONTENT = Content.of(Values.builder()
            .put("celsius", 21.53).put("humidity", 48.2).put("pressure", 1013.25).put("serial", "A-12345678").put("running", true)
            .put("count", 123456).put("mode", "auto").put("setPoint", 22.0).put("valve", 0.37).put("alarm", null)
            .put("room", "boiler 2").put("power", 1834).build());

    private final Telemetry[] readings = {load(0), load(1), load(2)};
    private InnerBox box;
    private Device device;

    private static Telemetry load(int qos) {
        return Telemetry.of("load", CONTENT).qos(Qos.of(qos));
    }

    @Override
    public void open(Target target) throws Exception {
        Path home = Files.createTempDirectory("bench-gateway");
        box = InnerBox.start(target.boxes().resolve("pantograph-gateway.jar"), home, Map.of());
        box.service(Dialect.class);
        device = box.service(Gateway.class).connect(DeviceOptions.dialect("watson").with("org", target.org()).with("type", target.type())
                .with("id", target.id()).with("auth-method", "token").secret("auth-token", target.token())
                .with("host", target.host()).with("port", target.port()).with("tls", false));
        device.connected().toCompletableFuture().get(20, TimeUnit.SECONDS);
        while (!box.service(io.pantograph.api.core.Codecs.class).formats().contains("json")) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public int window() {
        return 1000; // the session has its own window of 100; this is what waits in the outbox
    }

    @Override
    public void publish(int qos, Runnable done) {
        device.publish(readings[qos]).whenComplete((nothing, failure) -> {
            if (failure != null) {
                failure.printStackTrace();
            }
            done.run();
        });
    }

    @Override
    public void answer() {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("pantograph.command", "*"));
        CommandHandler handler = command -> {
            device.publish(Telemetry.of("answer", command.content()));
            return CompletableFuture.completedFuture(CommandResult.ok());
        };
        box.context().registerService(CommandHandler.class, handler, properties);
    }

    @Override
    public void close() throws Exception {
        device.close();
        box.close();
    }
}
