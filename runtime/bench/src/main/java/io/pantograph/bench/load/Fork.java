package io.pantograph.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A JVM that prints its figures as lines {@code result name=value ...}. */
final class Fork implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 180;
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "patience");
        thread.setDaemon(true);
        return thread;
    });

    private final String name;
    private final Process process;
    private final BufferedReader lines;
    private final StringBuilder printed = new StringBuilder();

    /** @param arguments of the JVM, then the main class and its own */
    Fork(String name, List<String> arguments) throws IOException {
        this.name = name;
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        lines = process.inputReader();
    }

    /** The figures of its next line of results, waited for. @throws IOException with what it printed, if it ends before or tells nothing */
    Map<String, Double> result() throws IOException {
        ScheduledFuture<?> alarm = CLOCK.schedule(process::destroyForcibly, PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            return nextResult();
        } finally {
            alarm.cancel(false);
        }
    }

    private Map<String, Double> nextResult() throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            printed.append(line).append('\n');
            if (line.startsWith("result ")) {
                Map<String, Double> result = new LinkedHashMap<>();
                for (String pair : line.substring(7).split(" ")) {
                    result.put(pair.substring(0, pair.indexOf('=')), Double.valueOf(pair.substring(pair.indexOf('=') + 1)));
                }
                return result;
            }
        }
        throw new IOException(name + " failed:\n" + printed);
    }

    void tell(String line) throws IOException {
        process.outputWriter().write(line + '\n');
        process.outputWriter().flush();
    }

    long pid() {
        return process.pid();
    }

    /** Lets it end, which it does when its standard input is closed; by force if it does not. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.outputWriter().close();
        process.inputReader().close();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
