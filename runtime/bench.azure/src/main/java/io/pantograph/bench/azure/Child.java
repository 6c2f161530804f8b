package io.pantograph.bench.azure;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One process, one library, one measurement: prints lines {@code result name=value ...}, and goes on or ends as it is told on its
 * standard input. Arguments: the class of {@link Devices}, the measurement, and a file of connection strings.
 */
public final class Child {

    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Devices devices;
    private final List<String> connections;
    private final BufferedReader told = new BufferedReader(new InputStreamReader(System.in));

    private Child(Devices devices, List<String> connections) {
        this.devices = devices;
        this.connections = connections;
    }

    public static void main(String[] arguments) throws Exception {
        try {
            Devices devices = (Devices) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
            new Child(devices, Files.readAllLines(Path.of(arguments[2]))).measure(arguments[1]);
            System.exit(0); // whatever thread a library has; and not politely, which would take some of them long
        } catch (Exception | LinkageError e) {
            e.printStackTrace();
            System.exit(1); // a library's threads would keep this process alive
        }
    }

    private void measure(String measurement) throws Exception {
        devices.open(connections.subList(0, 1));
        switch (measurement) {
            case "telemetry" -> telemetry();
            case "method" -> method();
            case "crowd" -> crowd();
            default -> throw new IllegalArgumentException("no measurement " + measurement);
        }
    }

    private void telemetry() throws Exception {
        long warm = TimeUnit.MILLISECONDS.toNanos(Long.getLong("bench.warm", 3_000));
        long run = TimeUnit.MILLISECONDS.toNanos(Long.getLong("bench.run", 4_000));
        Semaphore open = new Semaphore(devices.window());
        AtomicLong acknowledged = new AtomicLong();
        Runnable done = () -> {
            acknowledged.incrementAndGet();
            open.release();
        };
        send(open, done, System.nanoTime() + warm);
        long before = acknowledged.get();
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        send(open, done, begin + run);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long count = acknowledged.get() - before;
        result(String.format(Locale.ROOT, "rate=%.0f cpu=%.3f", count / seconds, (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / count));
    }

    private void send(Semaphore open, Runnable done, long end) throws Exception {
        while (System.nanoTime() < end) {
            if (!open.tryAcquire(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no acknowledgement for 20 s");
            }
            devices.publish(done);
        }
    }

    private void method() throws Exception {
        devices.answer();
        result("ready=1");
        told.readLine();
    }

    /** One device is there already, so that all classes are loaded. */
    private void crowd() throws Exception {
        double alone = idle(Long.getLong("bench.alone", 0));
        int threads = threads();
        long heap = heap();
        List<String> others = connections.subList(1, connections.size());
        long begin = System.nanoTime();
        devices.open(others);
        double seconds = (System.nanoTime() - begin) / 1e9;
        TimeUnit.SECONDS.sleep(2); // what is only there to connect goes
        result(String.format(Locale.ROOT, "connect=%.3f threads=%.3f heap=%.3f", seconds,
                (threads() - threads) / (double) others.size(), (heap() - heap) / 1024.0 / others.size()));
        String line = told.readLine();
        while (line != null) {
            long pause = Long.parseLong(line);
            TimeUnit.SECONDS.sleep(3); // until the compilers are done with what connecting gave them to do
            long cpu = SYSTEM.getProcessCpuTime();
            double crowded = idle(pause);
            result(String.format(Locale.ROOT, "idle=%.4f process=%.4f", Math.max(0.001, crowded - alone),
                    (SYSTEM.getProcessCpuTime() - cpu) / 1e7 / pause));
            line = told.readLine();
        }
    }

    /** What all threads but the JVM's own used meanwhile, in % of a core. */
    private static double idle(long seconds) throws InterruptedException {
        if (seconds == 0) {
            return 0;
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<Long, Long> before = new HashMap<>();
        for (long thread : threads.getAllThreadIds()) {
            before.put(thread, threads.getThreadCpuTime(thread));
        }
        TimeUnit.SECONDS.sleep(seconds);
        long used = 0;
        for (long thread : threads.getAllThreadIds()) {
            used += Math.max(0, threads.getThreadCpuTime(thread) - before.getOrDefault(thread, 0L));
        }
        return used / 1e7 / seconds;
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void result(String figures) {
        System.out.println("result " + figures);
    }
}
