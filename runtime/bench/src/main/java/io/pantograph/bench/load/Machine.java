package io.pantograph.bench.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Where figures were taken; without that they say nothing. */
final class Machine {

    private Machine() {
    }

    /** Cores, processor, system, Java, and how busy it was of late. */
    static String line() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(Locale.ROOT, "%d cores (%s), %s %s, %s %s; load of the last minute %.1f", Runtime.getRuntime().availableProcessors(),
                processor(), System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("java.vm.name"),
                System.getProperty("java.version"), load);
    }

    /** Linux tells the model; elsewhere it is the architecture. */
    private static String processor() {
        Path known = Path.of("/proc/cpuinfo");
        if (Files.exists(known)) {
            try (Stream<String> lines = Files.lines(known)) {
                return lines.filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 1).trim()).findFirst()
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                return System.getProperty("os.arch");
            }
        }
        return System.getProperty("os.arch");
    }
}
