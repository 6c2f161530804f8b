package io.pantograph.cli;

import java.util.Optional;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the command line begins. */
@Command(name = "pantograph", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        description = "A hub and its devices, from a terminal: an Azure IoT Hub or the local one. And what is deployed on a gateway.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused by the service, or the device answered with a status of 400 or more, or what was deployed was taken back",
            "2:the command line, a file or a setting is wrong",
            "3:the hub or gateway cannot be reached, is not to be trusted, or does not answer",
            "130:ended by Ctrl-C"},
        subcommands = {DeviceCommands.class, MonitorEvents.class, MethodCommands.class, TwinCommands.class, CloudToDeviceCommands.class,
            WatsonCommands.class, DeployCommands.class, HelpCommand.class, GenerateCompletion.class})
public final class Main {

    private final Screen screen;

    Main(Screen screen) {
        this.screen = screen;
    }

    Screen screen() {
        return screen;
    }

    public static void main(String[] arguments) {
        System.exit(run(Screen.system(), arguments));
    }

    /** @return the exit code */
    static int run(Screen screen, String... arguments) {
        return new CommandLine(new Main(screen))
                .setOut(screen.out())
                .setErr(screen.err())
                .setUsageHelpWidth(110)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(Main::wrong)
                .setExecutionExceptionHandler(Main::broken)
                .execute(arguments);
    }

    private static int wrong(ParameterException why, String[] arguments) {
        CommandLine command = why.getCommandLine();
        if (!command.getSubcommands().isEmpty() && arguments.length < 2) {
            command.usage(command.getErr());
            return Trouble.USAGE;
        }
        command.getErr().println(why.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(why, command.getErr())) {
            command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return Trouble.USAGE;
    }

    // Whatever nobody thought of: with its kind, since the message alone may say nothing.
    private static int broken(Exception why, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + " failed: " + why);
        return Trouble.REFUSED;
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"Pantograph command line "
                    + Optional.ofNullable(Main.class.getPackage().getImplementationVersion()).orElse("(not packaged)")};
        }
    }
}
