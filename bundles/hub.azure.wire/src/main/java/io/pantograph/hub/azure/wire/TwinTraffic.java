package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.TwinStore;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What devices ask and are told about their twins. Requests of one device are served in their order. */
final class TwinTraffic {

    private static final Logger log = LoggerFactory.getLogger(TwinTraffic.class);
    private static final String ANSWER = "$iothub/twin/res/";

    private final TwinStore twins;
    private final Connections connections;
    private final Json json;
    private final Clock clock;

    TwinTraffic(Keep keep, Connections connections, Clock clock) {
        this.twins = keep.twins();
        this.json = keep.json();
        this.connections = connections;
        this.clock = clock;
    }

    void read(Connection asker, Said.ReadTwin request) {
        inTurn(asker, request.rid(), 0, () -> answer(asker, 200, request.rid(), "", json.write(twins.read(asker.identity()))));
    }

    void report(Connection asker, Said.Report request, Bytes body) {
        inTurn(asker, request.rid(), body.length(), () -> {
            long version = twins.report(asker.identity(), patch(body), request.version());
            answer(asker, 204, request.rid(), "&$version=" + version, Bytes.EMPTY);
        });
    }

    private Values patch(Bytes body) throws AzureException {
        try {
            if (json.read(body) instanceof Values patch) {
                return patch;
            }
        } catch (CodecException e) {
            throw new AzureException(AzureError.IotHubFormatError, "reported properties must be a JSON object: " + e.getMessage());
        }
        throw new AzureException(AzureError.IotHubFormatError, "reported properties must be a JSON object");
    }

    @FunctionalInterface
    private interface Request {
        void serve() throws AzureException;
    }

    private void inTurn(Connection asker, String rid, int size, Request request) {
        boolean taken = asker.lane().offer(size, () -> {
            try {
                request.serve();
            } catch (AzureException e) {
                refuse(asker, rid, e);
            } catch (RuntimeException e) {
                log.error("the hub failed on a twin request of {}", asker.clientId(), e);
                refuse(asker, rid, new AzureException(AzureError.ServerError, "the hub failed"));
            }
        });
        if (!taken) {
            refuse(asker, rid, new AzureException(AzureError.ThrottlingException, "too many twin requests wait"));
        }
    }

    private void refuse(Connection asker, String rid, AzureException why) {
        answer(asker, why.error().status(), rid, "", Problem.body(json, why, clock));
    }

    /** Whoever did not subscribe to answers gets none. */
    private static void answer(Connection asker, int status, String rid, String more, Bytes body) {
        asker.tell(Feed.TWIN, ANSWER + status + "/?$rid=" + rid + more, body);
    }

    /** The service changed desired properties. Some devices read the version from the topic, some from the body. */
    void desired(Identity identity, Values patch, long version) {
        connections.of(identity).filter(device -> device.wants(Feed.DESIRED).isPresent()).ifPresent(device -> {
            Map<String, Object> body = new LinkedHashMap<>(patch);
            body.put("$version", version);
            device.tell(Feed.DESIRED, "$iothub/twin/PATCH/properties/desired/?$version=" + version, json.write(Values.of(body)));
        });
    }
}
