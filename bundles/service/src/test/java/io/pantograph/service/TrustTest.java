package io.pantograph.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.ServiceOptions;
import io.pantograph.testkit.Await;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the client believes that it is the hub. */
class TrustTest {

    private static final String PASSWORD = "for-this-test-only";

    @TempDir
    Path folder;

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "server", "-storetype", "PKCS12", "-keystore", folder.resolve("store").toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), said);
    }

    /** A server with a certificate for this name; its certificate lies in {@code ca.pem}. */
    private HttpsServer server(String name) throws Exception {
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=" + name);
        keytool("-exportcert", "-rfc", "-file", folder.resolve("ca.pem").toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("store"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'{', '}'});
            exchange.close();
        });
        server.start();
        return server;
    }

    private ServiceOptions options(HttpsServer server) {
        return ServiceOptions.of(FakeHub.LOGIN).port(server.getAddress().getPort());
    }

    @Test
    void anAuthorityOfOnesOwnIsTrustedWhenItIsGiven() throws Exception {
        HttpsServer server = server("ip:127.0.0.1");
        try (Clients clients = new Clients()) {
            Await.result(clients.open(options(server).trusting(folder.resolve("ca.pem"))).registry().statistics());
            ServiceException told = Await.failure(ServiceException.class, clients.open(options(server)).registry().statistics());
            assertEquals(ServiceException.NOT_TRUSTED, told.error());
            assertTrue(told.getMessage().contains("give the file of its authorities"), told.getMessage());
        } finally {
            server.stop(0);
        }
    }

    // A certificate of a trusted authority for another name is a stranger's.
    @Test
    void aCertificateForAnotherNameIsNotBelieved() throws Exception {
        HttpsServer server = server("dns:elsewhere.example");
        try (Clients clients = new Clients(); ServiceClient client = clients.open(options(server).trusting(folder.resolve("ca.pem")))) {
            assertEquals(ServiceException.NOT_TRUSTED, Await.failure(ServiceException.class, client.registry().statistics()).error());
        } finally {
            server.stop(0);
        }
    }
}
