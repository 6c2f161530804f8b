package io.pantograph.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.cli.FakeHub.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Which hub is asked, and what is said when that does not work. */
class LoginTest {

    @TempDir
    Path folder;
    private FakeHub hub;

    @BeforeEach
    void open() throws Exception {
        hub = new FakeHub(folder.resolve("home"));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void whereNoHubHasBeenIsSaid() {
        Path other = folder.resolve("other");
        Run run = hub.bare("device", "list", "--home=" + other);
        assertEquals(3, run.code());
        assertEquals("there is no hub's data in " + other + " (" + other.resolve("hub/credentials/azure.properties") + " is missing); start one with "
                + "java -jar pantograph-hub.jar --home=" + other + ", name another folder with --home, or a hub elsewhere with --login\n", run.err());
        assertEquals(3, hub.bare("watson", "device", "list", "--home=" + other).code());
    }

    @Test
    void aHubThatDoesNotRunIsSaid() throws Exception {
        Files.delete(hub.home.resolve("hub/ports.properties"));
        Run run = hub.run("device", "list");
        assertEquals(3, run.code());
        assertTrue(run.err().startsWith("no hub runs on the data folder " + hub.home + "; start one with java -jar pantograph-hub.jar"), run.err());
    }

    // Left behind by one that was killed.
    @Test
    void aPortWhereNobodyListensIsSaid() {
        hub.close();
        Run run = hub.run("device", "list");
        assertEquals(3, run.code());
        assertTrue(run.err().startsWith("nothing listens at 127.0.0.1:") && run.err().contains("start one with java -jar pantograph-hub.jar"), run.err());
        assertEquals(3, hub.run("watson", "device", "list").code());
    }

    @Test
    void aLoginToThisMachineFindsPortAndAuthorityByItself() {
        hub.answer(200, "{}").answer(200, "{}");
        assertEquals(0, hub.run("device", "show", "a", "--login", FakeHub.login()).code());
        assertEquals(0, hub.with("PANTOGRAPH_LOGIN", FakeHub.login()).run("device", "show", "a").code());
    }

    @Test
    void theVariableGoesBeforeTheLocalHub() {
        Run run = hub.with("PANTOGRAPH_LOGIN", "HostName=no.such.host.invalid;SharedAccessKeyName=x;SharedAccessKey=" + FakeHub.KEY).run("device", "list");
        assertEquals(3, run.code());
        assertTrue(run.err().contains("no.such.host.invalid"), run.err());
    }

    @Test
    void aStrangersCertificateIsNotBelieved() throws Exception {
        Path empty = folder.resolve("empty.pem");
        Files.writeString(empty, "");
        assertEquals(2, hub.run("device", "list", "--ca", empty.toString()).code());
        Files.writeString(hub.home.resolve("hub/ca.pem"), """
                -----BEGIN CERTIFICATE-----
                nonsense
                -----END CERTIFICATE-----
                """);
        assertEquals(2, hub.run("device", "list").code());
        assertEquals(0, hub.asked.size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "device show|Missing required parameter",
            "device show a/b|device id 'a/b' must be",
            "device list --port nine|Invalid value for option '--port'",
            "device list --port 0|port 0 must be of 1 to 65535",
            "device list --timeout 0|--timeout 0 must be of 1 to 3600 seconds",
            "device list --most 0|--most 0 must be",
            "device lst|Unmatched argument",
            "device create a --x509-ca --x509-thumbprint AA|two ways to log in",
            "method invoke a b {|the payload must be JSON",
            "method invoke a b --response-timeout 4|response timeout 4 s must be of 5 to 300 s",
            "twin update a|nothing to change",
            "twin update a [1]|must be a JSON object",
            "monitor-events --start-time yesterday|--start-time 'yesterday' must be a time",
            "monitor-events --duration 0|--duration 0 must be 1 second or more",
            "monitor-events -m x|--module x needs DEVICE",
            "c2d send a b --life 0|--life 0 must be 1 second or more",
            "watson command send a b c --format yaml|--format yaml must be one of bin, json, text, xml",
            "watson command send a b c/d|command name 'c/d' must be",
            "watson device list --login x|--login is for Azure's side",
            "deploy list --login x|--login is for a gateway elsewhere; say which with --device",
            "deploy add a.jar --calls many|Invalid value for option '--calls'",
            "device list --login HostName=a;SharedAccessKey=c2VjcmV0IGtleSBvZiB0ZXN0cyE=|SharedAccessKeyName is missing",
            "device list --login HostName=a;DeviceId=b;SharedAccessKey=c2VjcmV0IGtleSBvZiB0ZXN0cyE=|is of device 'b'",
            "device list --login nonsense|a connection string is Name=value"})
    void wrongUsageIsNamed(String line, String expected) {
        Run run = hub.run(line.split(" "));
        assertTrue(run.err().contains(expected), run.err());
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertFalse(run.err().contains("c2VjcmV0"), run.err());
        assertEquals(0, hub.asked.size());
    }

    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> all = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(each -> all.addAll(all(each)));
        return all;
    }

    @Test
    void everyCommandHasHelpAndJson() {
        int orders = 0;
        for (CommandLine command : all(new CommandLine(new Main(Screen.system())))) {
            assertFalse(command.getUsageMessage().isBlank());
            if (command.getCommand() instanceof Callable<?> && command.getCommand() instanceof Order) {
                orders++;
                assertTrue(command.getCommandSpec().findOption("--json") != null, command.getCommandName());
                assertTrue(command.getCommandSpec().usageMessage().description().length > 0, command.getCommandName() + " says not what for");
            }
        }
        assertEquals(29, orders);
    }

    @Test
    void completionKnowsEveryCommand() {
        Run run = hub.bare("generate-completion");
        assertEquals(0, run.code());
        for (String word : List.of("monitor-events", "connection-string", "watson", "deploy", "--login")) {
            assertTrue(run.out().contains(word), word);
        }
    }

    @Test
    void helpIsNoError() {
        Run run = hub.bare("help", "device");
        assertEquals(0, run.code());
        assertTrue(run.out().contains("connection-string"), run.out());
        assertEquals(0, hub.bare("--help").code());
        assertEquals(0, hub.bare("--version").code());
        assertEquals(2, hub.bare().code());
    }
}
