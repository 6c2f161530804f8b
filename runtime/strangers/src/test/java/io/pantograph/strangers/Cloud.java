package io.pantograph.strangers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.ibm.iotf.client.api.APIClient;
import io.pantograph.testkit.Box;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The hub box in the place of the cloud, for programs that are not changed in anything: they find it under the cloud's own names
 * and trust it because its authority is in the JVM's trust store, which is what an administrator would arrange too.
 *
 * <p>The programs' REST client and HTTP messaging know no port but the cloud's own, so the hub gets a loopback address of its own
 * and there the true ports. Where a port below 1024 may not be opened, REST is reached by a domain with a port in it, which the
 * client happens to allow.
 */
final class Cloud {

    private static final String DOMAIN = "internetofthings.ibmcloud.com";
    private static Cloud running;

    final Box box;
    final String org;
    final String key;
    final String token;
    private final int mqtts;
    private final int https;

    private Cloud(Box box, int mqtts, int https) throws IOException {
        this.box = box;
        this.mqtts = mqtts;
        this.https = https;
        Properties credentials = box.watson();
        org = credentials.getProperty("org");
        key = credentials.getProperty("api-key");
        token = credentials.getProperty("api-token");
    }

    static synchronized Cloud get() throws Exception {
        if (running == null) {
            running = start();
        }
        return running;
    }

    private static Cloud start() throws Exception {
        long pid = ProcessHandle.current().pid();
        String address = "127.77." + (pid >> 8 & 0xff) + '.' + Math.max(2, pid & 0xff);
        Map<String, String> settings = opens(address, 443) && opens(address, 8883) && opens(address, 1883)
                ? Map.of("pantograph.bind", address, "pantograph.hub.https.port", "443", "pantograph.hub.mqtts.port", "8883",
                        "pantograph.hub.mqtt.port", "1883")
                : Map.of();
        if (settings.isEmpty()) {
            address = "127.0.0.1";
        }
        Path jar = Path.of(System.getProperty("boxes"), "pantograph-hub.jar");
        Path home = Files.createDirectories(Path.of("target")).toAbsolutePath().resolve("cloud-" + pid);
        Box box = Box.startHub(jar, home, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(box::close));
        Files.writeString(Path.of(System.getProperty("jdk.net.hosts.file")), """
                127.0.0.1 localhost
                %1$s edge01.%2$s
                %1$s edge01.messaging.%2$s
                %1$s quickstart.messaging.%2$s
                """.formatted(address, DOMAIN));
        trust(box);
        return new Cloud(box, box.port("pantograph.hub.mqtts.port"), box.port("pantograph.hub.https.port"));
    }

    private static boolean opens(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(literal(address)), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** No name service is asked: there is no hosts file yet. */
    private static byte[] literal(String address) {
        String[] parts = address.split("\\.");
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static void trust(Box box) throws Exception {
        KeyStore trust = box.trust();
        Path file = Path.of("target", "trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trust.store(out, "public".toCharArray());
        }
        System.setProperty("javax.net.ssl.trustStore", file.toAbsolutePath().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "public");
    }

    /** As a program would read them from its file. */
    Properties application(String id) {
        Properties options = new Properties();
        options.setProperty("org", org);
        options.setProperty("id", id);
        options.setProperty("auth-method", "apikey");
        options.setProperty("auth-key", key);
        options.setProperty("auth-token", token);
        options.setProperty("Port", String.valueOf(mqtts));
        return options;
    }

    Properties device(String type, String id, String token) {
        Properties options = new Properties();
        options.setProperty("org", org);
        options.setProperty("type", type);
        options.setProperty("id", id);
        options.setProperty("auth-method", "token");
        options.setProperty("auth-token", token);
        options.setProperty("Port", String.valueOf(mqtts));
        return options;
    }

    int mqttsPort() {
        return mqtts;
    }

    APIClient rest() throws Exception {
        Properties options = application("rest");
        if (https != 443) {
            options.setProperty("domain", DOMAIN + ':' + https);
        }
        return new APIClient(options);
    }

    /** Whether REST and messaging are on the ports that the cloud has. */
    boolean onTheCloudsPorts() {
        return https == 443 && mqtts == 8883;
    }

    /** Registers a device. @return its token */
    String register(String type, String id) throws Exception {
        APIClient rest = rest();
        if (!rest.isDeviceTypeExist(type)) {
            rest.addDeviceType(json("{'id':'" + type + "','classId':'Device'}"));
        }
        JsonObject made = rest.registerDevice(type, json("{'deviceId':'" + id + "'}"));
        return made.get("authToken").getAsString();
    }

    static JsonElement json(String text) {
        return new JsonParser().parse(text.replace('\'', '"'));
    }

    /** The next of a queue, waited for. */
    static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited 20 s in vain for " + what);
        }
        return next;
    }
}
