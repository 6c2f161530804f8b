package io.pantograph.testkit;

import io.pantograph.api.codec.Codec;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Whether a codec's classes can go when nobody uses them any more; else each update of it costs memory for ever. */
final class LeakCheck {

    private static final int TRIES = 40;

    private LeakCheck() {
    }

    /**
     * Loads test and codec once more in a class loader of their own, as a framework would, uses the codec on a thread that lives on, and lets
     * all go.
     *
     * @throws AssertionError if something holds the classes, with what is known of it
     */
    static void run(Class<? extends CodecContract> test, Class<?> codec, Consumer<Codec> use) {
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
            Thread daemon = new Thread(work, "codec-leak-check");
            daemon.setDaemon(true);
            return daemon;
        });
        try {
            Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
            WeakReference<ClassLoader> loader = used(test, codec, use, thread);
            for (int i = 0; i < TRIES && loader.get() != null; i++) {
                System.gc();
                LockSupport.parkNanos(Math.min(i * 5L, 100) * 1_000_000);
            }
            if (loader.get() != null) {
                throw new AssertionError("the codec's class loader cannot be collected after use; what holds it is a thread that it started, "
                        + "a ThreadLocal, a timer, a shutdown hook or an entry in a registry of the JDK or of a library" + since(before));
            }
        } finally {
            thread.shutdownNow();
        }
    }

    private static String since(Set<Thread> before) {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && !thread.getName().startsWith("codec-leak-check")) {
                names.add(thread.getName());
            }
        }
        return names.isEmpty() ? "" : "; threads that were not there before: " + String.join(", ", names);
    }

    private static WeakReference<ClassLoader> used(Class<? extends CodecContract> test, Class<?> codec, Consumer<Codec> use, ExecutorService thread) {
        List<URL> places = new ArrayList<>();
        for (Class<?> type : List.of(test, codec)) {
            places.add(type.getProtectionDomain().getCodeSource().getLocation());
        }
        try (Own loader = new Own(places.toArray(URL[]::new), test.getClassLoader())) {
            Future<?> done = thread.submit(() -> {
                Constructor<?> constructor = loader.loadClass(test.getName()).getDeclaredConstructor();
                constructor.setAccessible(true);
                Codec other = ((CodecContract) constructor.newInstance()).codec();
                if (other.getClass().getClassLoader() == codec.getClassLoader()) {
                    throw new AssertionError(codec.getName() + " was not loaded anew");
                }
                use.accept(other);
                return null;
            });
            done.get();
            return new WeakReference<>(loader);
        } catch (InterruptedException | IOException e) {
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            String remedy = e.getCause() instanceof NoSuchMethodException ? test.getName() + " needs a constructor without parameters: " : "";
            throw new AssertionError(remedy + e.getCause(), e.getCause());
        }
    }

    /** Loads what is in these places itself, and leaves all else to the parent. */
    private static final class Own extends URLClassLoader {

        Own(URL[] places, ClassLoader parent) {
            super("codec-leak-check", places, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && findResource(name.replace('.', '/') + ".class") != null) {
                    loaded = findClass(name);
                }
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
        }
    }
}
