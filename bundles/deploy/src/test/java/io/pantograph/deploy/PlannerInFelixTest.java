package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aQute.bnd.osgi.Builder;
import io.pantograph.api.codec.Codec;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Plan;
import io.pantograph.deploy.Planner.Coming;
import io.pantograph.deploy.Planner.Here;
import io.pantograph.deploy.stock.StaticUser;
import io.pantograph.samples.codec.custom.CustomCodec;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.TestFramework;
import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** What the plan says, against the framework's real state. */
class PlannerInFelixTest {

    private static final String CODEC = "io.pantograph.samples.codec.custom";
    private static final String GATEWAY = "osgi.service;filter:=\"(objectClass=io.pantograph.api.device.Gateway)\";effective:=active";

    @TempDir
    Path folder;

    private TestFramework felix;
    private Planner planner;
    private final List<Here> here = new ArrayList<>();
    private int files;

    @BeforeEach
    void start() throws Exception {
        felix = TestFramework.start(folder.resolve("felix"), true, Map.of("org.osgi.framework.bsnversion", "multiple",
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.osgi.service.component.runtime;version=1.5.0,"
                        + "org.osgi.service.component.runtime.dto;version=1.5.0,org.osgi.util.promise;version=1.3.0,org.osgi.util.function;version=1.2.0"));
        felix.add(TestFramework.jarOf(org.osgi.service.component.ComponentContext.class),
                TestFramework.jarOf(org.apache.felix.cm.PersistenceManager.class), TestFramework.jarOf(ScrInfo.class));
        planner = new Planner(felix.context());
    }

    @AfterEach
    void stop() throws Exception {
        felix.close();
    }

    private static Jars codec(String version) throws Exception {
        return Jars.like(TestFramework.jarOf(CustomCodec.class)).header("Bundle-Version", version);
    }

    private static Jars bundle(String name) {
        return Jars.bundle().header("Bundle-SymbolicName", name);
    }

    private static Jars program(String name) {
        return bundle(name).header("Require-Capability", GATEWAY);
    }

    private Path file(Jars jars) throws Exception {
        return jars.write(folder.resolve(++files + ".jar"));
    }

    private Coming coming(Jars jars) throws Exception {
        Path jar = file(jars);
        return new Coming(Inspection.of(jar, jar.getFileName().toString()), Artifacts.hash(jar));
    }

    /** As if a deployment had brought it. */
    private Here deployed(Jars jars) throws Exception {
        Path jar = file(jars);
        Bundle bundle = felix.add(jar).get(0);
        Here one = new Here(Inspection.of(jar, "it"), Artifacts.hash(jar), bundle);
        here.add(one);
        return one;
    }

    private Planner.Planned planned(String door, Set<String> going, Jars... jars) throws Exception {
        List<Coming> coming = new ArrayList<>();
        for (Jars each : jars) {
            coming.add(coming(each));
        }
        return planner.plan(door, coming, going, here);
    }

    private Plan plan(Jars... jars) throws Exception {
        return planned("shell", Set.of(), jars).plan();
    }

    private Plan remove(String name) throws Exception {
        return planned("shell", Set.of(name)).plan();
    }

    private static void assertRefused(Plan plan, String... sentences) {
        assertEquals(List.of(sentences), plan.refusals());
    }

    @Test
    void aNewCodecIsAdded() throws Exception {
        Plan plan = plan(codec("1.0.0"));
        assertRefused(plan);
        assertEquals(List.of(CODEC + " 1.0.0"), plan.adds());
        assertEquals(List.of("all devices that speak 'custom'"), plan.devices());
        assertEquals(List.of(), plan.restarts());
    }

    @Test
    void aCodecIsReplacedSideBySide() throws Exception {
        Here before = deployed(codec("1.0.0"));
        Plan plan = plan(codec("1.1.0"));
        assertRefused(plan);
        assertEquals(List.of(), plan.adds());
        assertEquals(List.of(CODEC + " 1.0.0 by 1.1.0, side by side"), plan.replaces());
        assertEquals(List.of(), plan.restarts());
        assertEquals(List.of("all devices that speak 'custom'"), plan.devices());
        assertEquals(Bundle.ACTIVE, before.bundle().getState());
    }

    @Test
    void whatIsHereAlreadyIsLeftAlone() throws Exception {
        deployed(codec("1.0.0"));
        Planner.Planned planned = planned("twin", Set.of("org.example.never"), codec("1.0.0"));
        assertEquals(new Plan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()), planned.plan());
        assertEquals(Set.of(CODEC, "org.example.never"), planned.unchanged());
    }

    @Test
    void otherBytesNeedAnotherVersionButInTheDropFolder() throws Exception {
        Here before = deployed(codec("1.0.0"));
        Jars other = codec("1.0.0").entry("more.txt", new byte[1]);
        Coming after = coming(other);
        assertRefused(plan(other), CODEC + " 1.0.0 is here with other bytes (sha256 " + before.sha256().substring(0, 8) + ", not "
                + after.sha256().substring(0, 8) + "); give yours another Bundle-Version");
        Plan dropped = planned("drop", Set.of(), other).plan();
        assertRefused(dropped);
        assertEquals(List.of(CODEC + " 1.0.0 by 1.0.0, the same version with other bytes, side by side"), dropped.replaces());
    }

    @Test
    void aRemovedCodecLeavesItsDevicesWaiting() throws Exception {
        deployed(codec("1.0.0"));
        Plan plan = remove(CODEC);
        assertRefused(plan);
        assertEquals(List.of(CODEC + " 1.0.0"), plan.removes());
        assertEquals(List.of("all devices that speak 'custom', which nobody does any more: their messages wait for a codec"), plan.devices());
    }

    @Test
    void anotherBundleTakesAFormatOver() throws Exception {
        deployed(codec("1.0.0"));
        Plan plan = plan(codec("3.0.0").header("Bundle-SymbolicName", "org.example.custom"));
        assertRefused(plan);
        assertEquals(List.of("org.example.custom 3.0.0"), plan.adds());
        assertEquals(List.of("org.example.custom 3.0.0 takes the format 'custom' over from " + CODEC + " 1.0.0, which stands by"), plan.replaces());
    }

    @Test
    void aProgramStopsBeforeItsSuccessorStarts() throws Exception {
        felix.context().registerService(Gateway.class, fake(Gateway.class), null);
        deployed(program("org.example.program"));
        Plan plan = plan(program("org.example.program").header("Bundle-Version", "1.1.0"));
        assertRefused(plan);
        assertEquals(List.of("org.example.program 1.0.0 by 1.1.0, one after the other"), plan.replaces());
        assertEquals(List.of("org.example.program"), plan.restarts());
        assertEquals(List.of("those of org.example.program"), plan.devices());
    }

    // --- what is missing

    @Test
    void missingPackagesAreNamed() throws Exception {
        assertRefused(plan(bundle("a.b").header("Import-Package", "com.example.one,io.pantograph.api.codec;version=\"[1.0,2)\",com.example.two,java.util")),
                "a.b 1.0.0 imports com.example.one, com.example.two, which no bundle here exports; put these packages into its jar, or remove the use");
    }

    @Test
    void aWrongVersionIsToldWithTheOneThatIsHere() throws Exception {
        String api = String.valueOf(felix.context().getBundle().adapt(org.osgi.framework.wiring.BundleRevision.class)
                .getDeclaredCapabilities("osgi.wiring.package").stream().map(one -> one.getAttributes())
                .filter(one -> "io.pantograph.api.codec".equals(one.get("osgi.wiring.package"))).findFirst().orElseThrow().get("version"));
        assertRefused(plan(bundle("a.b").header("Import-Package", "io.pantograph.api.codec;version=\"[7.0,8)\"")),
                "a.b 1.0.0 imports io.pantograph.api.codec in the versions [7.0.0,8.0.0), here is " + api + " of org.apache.felix.framework; "
                        + "build it against what is here");
    }

    @Test
    void aNewerJavaIsNotHere() throws Exception {
        int feature = Runtime.version().feature();
        assertRefused(plan(bundle("a.b").header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")),
                "a.b 1.0.0 needs Java 99, this box runs on Java " + feature + "; build it for Java " + feature + " (in Maven: maven.compiler.release)");
        assertRefused(plan(bundle("a.b").header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=17))\"")));
    }

    @Test
    void capabilitiesAndServicesComeWithTheReleaseOrAreMissing() throws Exception {
        Jars needy = program("a.b").header("Require-Capability", GATEWAY + ",pantograph.codec;filter:=\"(codec=custom)\";effective:=active,"
                + "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.5)(!(version>=2.0)))\",some.thing;filter:=\"(x=1)\"");
        assertRefused(plan(needy),
                "a.b 1.0.0 needs the service io.pantograph.api.device.Gateway, which no bundle here gives; deploy one that does with it or before it",
                "a.b 1.0.0 needs a codec by (codec=custom), which no bundle here gives; deploy one that does with it or before it",
                "a.b 1.0.0 needs some.thing by (x=1), which no bundle here gives; build it without, or start a box that has it");
        assertRefused(plan(needy, codec("1.0.0"), bundle("c.d").header("Provide-Capability", "some.thing;x:Long=1,"
                + "osgi.service;objectClass:List<String>=\"a.A,io.pantograph.api.device.Gateway\"")));
    }

    // What only the old version gives is not there when it has left.
    @Test
    void whatLeavesGivesNothingAnyMore() throws Exception {
        deployed(bundle("c.d").header("Provide-Capability", "some.thing;x:Long=1"));
        Jars needy = bundle("a.b").header("Require-Capability", "some.thing;filter:=\"(x=1)\"");
        assertRefused(plan(needy));
        assertRefused(plan(needy, bundle("c.d").header("Bundle-Version", "1.1.0")),
                "a.b 1.0.0 needs some.thing by (x=1), which no bundle here gives; build it without, or start a box that has it");
    }

    // --- who would restart

    @Test
    void whoIsWiredToWhatLeavesMustBeInTheRelease() throws Exception {
        deployed(codec("1.0.0"));
        Jars wired = bundle("org.example.wired").header("Require-Capability", "pantograph.codec;filter:=\"(codec=custom)\"");
        deployed(wired);
        String why = "org.example.wired 1.0.0 would restart, since it is wired to " + CODEC + " by pantograph.codec; "
                + "bring a version of it that does not in the same release, or remove it there";
        assertRefused(plan(codec("1.1.0")), why);
        assertRefused(remove(CODEC), why);
        Plan both = plan(codec("1.1.0"), wired.header("Bundle-Version", "1.1.0"));
        assertRefused(both);
        assertEquals(List.of("org.example.wired"), both.restarts());
    }

    // The new way of @RequireCodec: nobody is wired, nobody restarts.
    @Test
    void whoRequiresACodecWhereABoxIsAssembledDoesNotRestart() throws Exception {
        deployed(codec("1.0.0"));
        deployed(bundle("org.example.loose").header("Require-Capability", "pantograph.codec;filter:=\"(codec=custom)\";effective:=active"));
        assertRefused(plan(codec("1.1.0")));
    }

    @Test
    void whoHoldsAServiceOfWhatLeavesMustBeInTheRelease() throws Exception {
        deployed(codec("1.0.0"));
        Bundle user = felix.add(built("org.example.user", StaticUser.class)).get(0);
        Await.until("the user to hold the codec", () -> user.getServicesInUse() != null);
        String why = "org.example.user 1.0.0 would restart, since it has the component " + StaticUser.class.getName()
                + ", which holds its service " + Codec.class.getName() + "; bring a version of it that does not in the same release, or remove it there";
        assertRefused(plan(codec("1.1.0")), why);
        assertRefused(remove(CODEC), why);
    }

    // --- whose bundle it is

    @Test
    void theRoomsOfTheBoxStayAsTheyAre() throws Exception {
        felix.add(file(bundle("org.example.room")), file(codec("1.0.0").header("Bundle-SymbolicName", "org.example.exports").header("Export-Package", "a.b")));
        for (Jars newer : List.of(bundle("org.example.room"), codec("2.0.0").header("Bundle-SymbolicName", "org.example.room"),
                codec("2.0.0").header("Bundle-SymbolicName", "org.example.exports"))) {
            Coming one = coming(newer.header("Bundle-Version", "2.0.0"));
            assertRefused(planner.plan("shell", List.of(one), Set.of(), here).plan(),
                    one.facts().name() + " is a part of the box itself, in version 1.0.0; start a box of the new version instead");
        }
        assertRefused(remove("org.example.room"), "org.example.room is a part of the box itself and stays; start a box without it instead");
    }

    @Test
    void aCodecOfTheBoxStepsAsideForADeployedOne() throws Exception {
        felix.add(file(codec("1.0.0")));
        Plan plan = plan(codec("1.1.0"));
        assertRefused(plan);
        assertEquals(List.of(), plan.adds());
        assertEquals(List.of(CODEC + " 1.0.0 of the box by 1.1.0, side by side"), plan.replaces());
        assertRefused(plan(codec("1.0.0")), CODEC + " 1.0.0 is here already, as a part of the box itself; give yours another Bundle-Version");
        deployed(codec("1.1.0"));
        assertEquals(List.of(CODEC + " 1.1.0 by 1.2.0, side by side"), plan(codec("1.2.0")).replaces());
        assertEquals(List.of("all devices that speak 'custom'"), remove(CODEC).devices());
    }

    @Test
    void aProgramOfTheBoxStopsForADeployedOne() throws Exception {
        felix.add(file(program("org.example.devices")));
        felix.context().registerService(Gateway.class, fake(Gateway.class), null);
        Plan plan = plan(program("org.example.devices").header("Bundle-Version", "1.1.0"));
        assertRefused(plan);
        assertEquals(List.of("org.example.devices 1.0.0 of the box by 1.1.0, one after the other"), plan.replaces());
        assertEquals(List.of("org.example.devices"), plan.restarts());
    }

    // Else nobody could delete what he has just dropped.
    @Test
    void whatIsSupersededOnTrialIsNotOfTheBox() throws Exception {
        try (var in = java.nio.file.Files.newInputStream(file(codec("1.0.0")))) {
            felix.context().installBundle("deploy:" + CODEC + "@1.0.0#" + "a".repeat(64), in).start();
        }
        assertRefused(remove(CODEC));
        Plan plan = plan(codec("1.0.0"));
        assertRefused(plan);
        assertEquals(List.of(CODEC + " 1.0.0"), plan.adds());
        assertEquals(List.of(), plan.replaces());
    }

    @Test
    void aNameComesOnce() throws Exception {
        assertRefused(plan(codec("1.0.0"), codec("1.1.0")),
                "the release brings " + CODEC + " twice, as 1.0.0 and as 1.1.0; leave one of them out");
        assertRefused(planned("drop", Set.of(CODEC), codec("1.0.0")).plan(), "the release both brings and removes " + CODEC + "; leave one of them out");
    }

    private Path built(String name, Class<?> of) throws Exception {
        try (Builder builder = new Builder()) {
            builder.setClasspath(new File[] {new File("target/test-classes"), TestFramework.jarOf(Content.class).toFile()});
            builder.setBundleSymbolicName(name);
            builder.setBundleVersion("1.0.0");
            builder.setProperty("-includeresource", of.getName().replace('.', '/') + ".class=target/test-classes/" + of.getName().replace('.', '/') + ".class");
            Path file = folder.resolve(name + ".jar");
            builder.build().write(file.toFile());
            return file;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) ->
                switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> null;
                });
    }
}
