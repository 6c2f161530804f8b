package io.pantograph.service;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.service.ServiceClient;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/** What gateways are to install, at a local hub; the cloud has no place for it. */
public final class Artifacts {

    private Artifacts() {
    }

    /**
     * Puts a jar where gateways may fetch it.
     *
     * @param hub opened by {@link Clients}
     * @param sha256 of the jar, 64 characters of 0-9 a-f
     * @return where they fetch it; fails with ServiceException
     */
    public static CompletionStage<URI> put(ServiceClient hub, String sha256, Bytes jar) {
        Wire wire = ((Client) hub).wire();
        Ask ask = Ask.at("PUT", "/artifacts/" + sha256).body(jar, "application/java-archive");
        return wire.ask(ask).thenApply(reply -> wire.at(ask.path()));
    }
}
