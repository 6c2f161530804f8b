package io.pantograph.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceClients;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** The room as it is packaged: deployed, used, taken out, deployed again. */
class InFrameworkTest {

    @TempDir
    Path folder;

    @Test
    void comesAndGoes() throws Exception {
        try (Felix felix = Felix.start(folder)) {
            felix.library("jackson-core-").start();
            for (int round = 0; round < 3; round++) {
                Bundle room = felix.room("service");
                room.start();
                ServiceClient client = felix.service(ServiceClients.class).open(ServiceOptions.of(FakeHub.LOGIN).port(1));
                assertEquals(ServiceException.NOT_REACHABLE, Await.failure(ServiceException.class, client.registry().statistics()).error());
                room.uninstall();
                // What was opened does not outlive whoever lent it.
                assertEquals(ServiceException.CLOSED, Await.failure(ServiceException.class, client.registry().statistics()).error());
            }
        }
    }
}
