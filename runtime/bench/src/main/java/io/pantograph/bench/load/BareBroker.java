package io.pantograph.bench.load;

import com.codahale.metrics.MetricRegistry;
import com.hivemq.HiveMQServer;
import com.hivemq.configuration.info.SystemInformation;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.configuration.service.entity.Tls;
import com.hivemq.configuration.service.entity.TlsTcpListener;
import com.hivemq.configuration.service.impl.ConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.MqttConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.PersistenceConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.RestrictionsConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.SecurityConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.listener.ListenerConfigurationServiceImpl;
import com.hivemq.migration.meta.PersistenceType;
import com.hivemq.statistics.UsageStatisticsConfigImpl;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The hub's broker with nothing of ours: HiveMQ from the same jar and with the same limits, its own listener in TLS, no extension,
 * anyone may come in. A process of its own; arguments: the loopback address and port, an empty folder, and where to put the certificate.
 */
public final class BareBroker {

    private static final String PASSWORD = "bench-keystore";

    private BareBroker() {
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[2]);
        Path keys = folder.resolve("keys.p12");
        // The same kind of key as the hub's own.
        keytool("-genkeypair", "-alias", "broker", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=bare", "-ext", "san=ip:" + arguments[0],
                "-validity", "30", "-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD);
        keytool("-exportcert", "-rfc", "-alias", "broker", "-keystore", keys.toString(), "-storepass", PASSWORD, "-file", arguments[3]);
        InternalConfigurations.PAYLOAD_PERSISTENCE_TYPE.set(PersistenceType.FILE);
        InternalConfigurations.RETAINED_MESSAGE_PERSISTENCE_TYPE.set(PersistenceType.FILE);
        InternalConfigurations.PERSISTENCE_BUCKET_COUNT.set(4);
        InternalConfigurations.PAYLOAD_PERSISTENCE_BUCKET_COUNT.set(4);
        InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
        InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(false); // for want of an extension that would say who may
        ListenerConfigurationServiceImpl listeners = new ListenerConfigurationServiceImpl();
        Tls tls = new Tls.Builder().withKeystorePath(keys.toString()).withKeystorePassword(PASSWORD).withKeystoreType("PKCS12")
                .withPrivateKeyPassword(PASSWORD).withHandshakeTimeout(10_000).withClientAuthMode(Tls.ClientAuthMode.NONE)
                .withProtocols(List.of("TLSv1.3", "TLSv1.2")).withCipherSuites(List.of()).build();
        listeners.addListener(new TlsTcpListener(Integer.parseInt(arguments[1]), arguments[0], tls, "bare"));
        ConfigurationServiceImpl all = new ConfigurationServiceImpl(listeners, new MqttConfigurationServiceImpl(),
                new RestrictionsConfigurationServiceImpl(), new SecurityConfigurationServiceImpl(), new UsageStatisticsConfigImpl(),
                new PersistenceConfigurationServiceImpl());
        all.mqttConfiguration().setServerReceiveMaximum(1_000);
        all.usageStatisticsConfiguration().setEnabled(false);
        HiveMQServer server = new HiveMQServer(new Home(folder.toFile(), System.currentTimeMillis()), new MetricRegistry(), all, false, false);
        server.bootstrap();
        server.startInstance(null);
        System.out.println("result ready=1");
        while (System.in.read() >= 0) {
            // until whoever started it has gone
        }
        System.exit(0);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + printed);
        }
    }

    private record Home(File data, long getRunningSince) implements SystemInformation {

        Home {
            try {
                Files.createDirectories(data.toPath());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void init() {
            // nothing to find out
        }

        @Override
        public String getHiveMQVersion() {
            return "bare";
        }

        @Override
        public File getHiveMQHomeFolder() {
            return data;
        }

        @Override
        public File getConfigFolder() {
            return data;
        }

        @Override
        public File getLogFolder() {
            return data;
        }

        @Override
        public File getDataFolder() {
            return data;
        }

        @Override
        public File getExtensionsFolder() {
            return data;
        }

        @Override
        public int getProcessorCount() {
            return Runtime.getRuntime().availableProcessors();
        }

        @Override
        public boolean isEmbedded() {
            return true;
        }
    }
}
