package io.pantograph.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.operator.Deployments;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Felix;
import io.pantograph.testkit.PlainDeployments;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The bundle as it is packaged, in a shell as it is. */
class InFrameworkTest {

    @Test
    void gogoCallsOurCommands(@TempDir Path home) throws Exception {
        PlainDeployments deployments = new PlainDeployments();
        String jar = Files.writeString(home.resolve("a.jar"), "x").toString();
        try (Felix felix = Felix.start(home.resolve("framework"))) {
            felix.library("org.apache.felix.gogo.runtime-").start();
            Bundle room = felix.room("shell");
            room.start();
            felix.context().registerService(Deployments.class, deployments, null);
            Await.until("the commands are here", () -> here(felix));
            assertEquals("BUNDLE  VERSION  STATE  CALLS  FAILED  DIFFERENT  P99  BEFORE  DEPLOYMENT", typed(felix, "deploy:list"));
            assertEquals("d-1 is staged", typed(felix, "deploy:add " + jar + " --calls 20 --by-hand"));
            assertTrue(typed(felix, "deploy:show d-1").startsWith("d-1 is staged\n"));
            assertTrue(typed(felix, "deploy:show").contains("d-1         staged"));
            assertEquals("nothing to do", typed(felix, "deploy:plan " + jar));
            assertEquals("d-1 is staged, not on trial; nothing is to be promoted", typed(felix, "deploy:promote d-1"));
            assertEquals("d-1 is rolled back: it smells bad", typed(felix, "deploy:rollback d-1 it smells bad"));
            assertTrue(typed(felix, "deploy:remove none").startsWith("no deployment brought"));
            assertTrue(typed(felix, "deploy:codecs").startsWith("the room that knows"));
            assertTrue(typed(felix, "deploy:parked").startsWith("SINCE"));
            assertTrue(typed(felix, "deploy:waiting").startsWith("OLDEST"));
            assertEquals(List.of("deploy shell", "plan shell", "promote d-1 by shell", "rollback d-1 by shell: it smells bad"), deployments.asked);

            room.stop();
            assertTrue(typed(felix, "deploy:list").contains("CommandNotFoundException"));
            room.start();
            Await.until("the commands are here again", () -> here(felix));
            assertTrue(typed(felix, "deploy:list").startsWith("BUNDLE"));
        }
    }

    // The test sees a class of the same name that is not theirs.
    private static boolean here(Felix felix) {
        try {
            return felix.context().getAllServiceReferences(null, "(&(osgi.command.scope=deploy)(osgi.command.function=add))") != null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By reflection: the test's class path has Gogo too, but not the one that runs. */
    private static String typed(Felix felix, String line) throws Exception {
        ServiceReference<?> reference = felix.context().getAllServiceReferences("org.apache.felix.service.command.CommandProcessor", null)[0];
        Object processor = felix.context().getService(reference);
        Class<?> type = processor.getClass().getClassLoader().loadClass("org.apache.felix.service.command.CommandProcessor");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Method create = type.getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class);
        Object session = create.invoke(processor, new ByteArrayInputStream(new byte[0]), new PrintStream(out), new PrintStream(out));
        Method execute = processor.getClass().getClassLoader().loadClass("org.apache.felix.service.command.CommandSession").getMethod("execute", CharSequence.class);
        try {
            return String.valueOf(execute.invoke(session, line));
        } catch (java.lang.reflect.InvocationTargetException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }
}
