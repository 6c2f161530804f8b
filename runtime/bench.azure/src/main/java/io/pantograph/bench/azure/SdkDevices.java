package io.pantograph.bench.azure;

import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.Message;
import com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;

/**
 * The official Java device client over MQTT in TLS, as it is.
 *
 * <p>System properties: {@code sdk.parallel} (false; true: opens its devices all at once), {@code sdk.send} and {@code sdk.receive}
 * (its intervals in ms), {@code sdk.batch} (how many messages it sends in an interval); its own defaults unless told.
 */
public final class SdkDevices implements Devices {

    private final SSLContext trust;
    private final List<DeviceClient> clients = new ArrayList<>();

    public SdkDevices() throws Exception {
        trust = Trust.in(Path.of(System.getProperty("target.ca")));
    }

    @Override
    public void open(List<String> connectionStrings) throws Exception {
        List<DeviceClient> fresh = new ArrayList<>();
        for (String connection : connectionStrings) {
            fresh.add(new DeviceClient(connection, IotHubClientProtocol.MQTT, options()));
        }
        clients.addAll(fresh);
        if (!Boolean.getBoolean("sdk.parallel")) {
            for (DeviceClient client : fresh) {
                client.open(true);
            }
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(fresh.size());
        List<Future<?>> opening = new ArrayList<>();
        for (DeviceClient client : fresh) {
            opening.add(threads.submit(() -> {
                client.open(true);
                return null;
            }));
        }
        for (Future<?> one : opening) {
            one.get();
        }
        threads.shutdown();
    }

    private ClientOptions options() {
        ClientOptions.ClientOptionsBuilder options = ClientOptions.builder().sslContext(trust);
        Integer send = Integer.getInteger("sdk.send");
        Integer receive = Integer.getInteger("sdk.receive");
        Integer batch = Integer.getInteger("sdk.batch");
        if (send != null) {
            options.sendInterval(send);
        }
        if (receive != null) {
            options.receiveInterval(receive);
        }
        if (batch != null) {
            options.messagesSentPerSendInterval(batch);
        }
        return options.build();
    }

    @Override
    public int window() {
        return 2 * Integer.getInteger("sdk.batch", 1000); // its queue is never empty
    }

    @Override
    public void publish(Runnable done) {
        Message message = new Message(BODY);
        message.setContentType("application/json");
        message.setContentEncoding("utf-8");
        clients.get(0).sendEventAsync(message, (sent, failure, context) -> {
            if (failure != null) {
                failure.printStackTrace();
            }
            done.run();
        }, null);
    }

    @Override
    public void answer() throws Exception {
        clients.get(0).subscribeToMethods((name, payload, context) -> new DirectMethodResponse(200, payload.getPayload(Object.class)), null);
    }

    @Override
    public void close() {
        clients.forEach(DeviceClient::close);
    }
}
