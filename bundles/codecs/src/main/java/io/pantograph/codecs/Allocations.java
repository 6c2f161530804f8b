package io.pantograph.codecs;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How much memory threads have asked for, where the Java machine can tell. */
final class Allocations {

    private static final ThreadMXBean THREADS = find();

    private Allocations() {
    }

    private static ThreadMXBean find() {
        try {
            ThreadMXBean bean = ManagementFactory.getThreadMXBean();
            return bean instanceof com.sun.management.ThreadMXBean sun && sun.isThreadAllocatedMemorySupported()
                    && sun.isThreadAllocatedMemoryEnabled() ? sun : null;
        } catch (LinkageError e) {
            return null;
        }
    }

    /** Whether there is anything to be told; else all is 0. */
    static boolean known() {
        return THREADS != null;
    }

    /** In bytes, since its start; -1 if it has ended. */
    static long of(Thread thread) {
        return THREADS == null ? 0 : ((com.sun.management.ThreadMXBean) THREADS).getThreadAllocatedBytes(thread.getId());
    }
}
