package io.pantograph.hub.mqtt;

import java.lang.invoke.MethodHandles;
import jetbrains.exodus.core.execution.JobProcessor;
import jetbrains.exodus.core.execution.ThreadJobProcessor;
import jetbrains.exodus.core.execution.ThreadJobProcessorPool;

/**
 * The threads that all stores of Xodus share. Xodus never ends them, so they would go on after the bundle has stopped, hold its class
 * loader and fail once a second.
 */
final class XodusThreads {

    private static final ThreadJobProcessor SPAWNER;

    static {
        try {
            SPAWNER = (ThreadJobProcessor) MethodHandles.privateLookupIn(ThreadJobProcessorPool.class, MethodHandles.lookup())
                    .findStaticVarHandle(ThreadJobProcessorPool.class, "SPAWNER", ThreadJobProcessor.class).get();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private XodusThreads() {
    }

    /** Before the stores are opened; nothing to do the first time. */
    static void start() {
        SPAWNER.start();
        ThreadJobProcessorPool.getProcessors().forEach(JobProcessor::start);
    }

    /** After the stores are closed. */
    static void stop() {
        ThreadJobProcessorPool.getProcessors().forEach(JobProcessor::finish);
        SPAWNER.finish();
    }
}
