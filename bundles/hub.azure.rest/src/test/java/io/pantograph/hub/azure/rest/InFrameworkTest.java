package io.pantograph.hub.azure.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.DirectMethods;
import io.pantograph.api.azure.EventLog;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.HttpRoom;
import io.pantograph.api.hub.Json;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.ManualClock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The room as it is packaged: deployed, used, taken out, deployed again. */
class InFrameworkTest {

    @TempDir
    Path folder;

    private static HttpAnswer ask(Felix felix, String request) {
        return Await.result(felix.service(HttpRoom.class).answer(House.request(request)));
    }

    private static boolean monitors() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("pantograph-hub-event-monitor"));
    }

    @Test
    void comesAndGoes() throws Exception {
        FakeHub hub = new FakeHub();
        FakeLog log = new FakeLog(new ManualClock());
        try (Felix felix = Felix.start(folder)) {
            BundleContext context = felix.context();
            context.registerService(new String[] {ServiceAccess.class.getName(), Identities.class.getName(), TwinStore.class.getName()}, hub, null);
            context.registerService(CloudMessages.class, new FakeMessages(hub), null);
            context.registerService(EventLog.class, log, null);
            context.registerService(Json.class, TestJson.JSON, null);
            for (int round = 1; round <= 3; round++) {
                Bundle room = felix.room("hub.azure.rest");
                room.start();
                assertEquals(200, ask(felix, "GET /devices/dev1").status());

                // Whoever calls devices comes later and goes earlier, and nothing else notices.
                FakeSink sink = new FakeSink();
                ((HttpAnswer.Live) ask(felix, "GET /events")).begin().accept(sink);
                assertEquals(503, ask(felix, "POST /twins/dev1/methods | {'methodName':'m'}").status());
                ServiceRegistration<DirectMethods> methods = context.registerService(DirectMethods.class, hub, null);
                assertEquals(200, ask(felix, "POST /twins/dev1/methods | {'methodName':'m'}").status());
                methods.unregister();
                assertEquals(503, ask(felix, "POST /twins/dev1/methods | {'methodName':'m'}").status());
                sink.heard();
                log.say("dev1", "{'round':" + round + "}");
                String told = "'body':{'round':" + round + "}";
                StringBuilder all = new StringBuilder();
                Await.until(told, () -> all.append(sink.heard()).indexOf(told) >= 0);

                room.uninstall();
                assertTrue(sink.ended, "a stream does not outlive the room");
                assertTrue(sink.heard().contains("'reason':'closing'"));
                assertTrue(log.followers.isEmpty());
                Await.until("no thread is left", () -> !monitors());
            }
        }
    }
}
