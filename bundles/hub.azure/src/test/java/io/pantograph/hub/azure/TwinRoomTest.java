package io.pantograph.hub.azure;

import static io.pantograph.hub.azure.KeepingRoom.json;
import static io.pantograph.hub.azure.KeepingRoom.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwinRoomTest {

    private static final Identity DEVICE = Identity.of("dev-1");

    @TempDir
    Path home;

    private KeepingRoom room;
    private TwinRoom twins;

    @BeforeEach
    void open() throws Exception {
        room = new KeepingRoom(home);
        twins = room.twins;
        room.identities.create(DEVICE, Values.EMPTY);
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    private Values desired(String json) throws AzureException {
        return twins.patch(DEVICE, values("{'properties':{'desired':" + json + "}}"), Optional.empty());
    }

    private long report(String json) throws AzureException {
        return twins.report(DEVICE, values(json), OptionalLong.empty());
    }

    private static AzureError error(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(AzureException.class, call).error();
    }

    @Test
    void beginsAtVersionOne() throws Exception {
        assertEquals("{\"desired\":{\"$version\":1},\"reported\":{\"$version\":1}}", json(twins.read(DEVICE)));
        Values twin = twins.twin(DEVICE);
        assertEquals("AAAAAAAAAAE=", twin.text("etag"));
        assertEquals(2, twin.integer("version"));
        assertEquals(Values.EMPTY, twin.values("tags"));
        assertEquals(room.identities.document(DEVICE).text("etag"), twin.text("deviceEtag"));
        assertEquals("{\"$metadata\":{\"$lastUpdated\":\"2026-01-01T00:00:00.000Z\",\"$lastUpdatedVersion\":1},\"$version\":1}",
                json(twin.values("properties").values("desired")));
        assertEquals("{\"$metadata\":{\"$lastUpdated\":\"2026-01-01T00:00:00.000Z\"},\"$version\":1}",
                json(twin.values("properties").values("reported")));
        assertTrue(List.copyOf(twin.keySet()).containsAll(List.of("deviceId", "status", "statusUpdateTime", "connectionState", "lastActivityTime",
                "cloudToDeviceMessageCount", "authenticationType", "x509Thumbprint", "capabilities")), json(twin));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                        | {'a':1}                     | {'a':1}
            {'a':1}                   | {'a':2,'b':true}            | {'a':2,'b':true}
            {'a':1,'b':2}             | {'a':null}                  | {'b':2}
            {'a':{'b':1,'c':2}}       | {'a':{'b':null,'d':[1,2]}}  | {'a':{'c':2,'d':[1,2]}}
            {'a':[1,2,3]}             | {'a':[4]}                   | {'a':[4]}
            {'a':1}                   | {'a':{'b':null,'c':1}}      | {'a':{'c':1}}
            {'a':{'b':1}}             | {'a':'text'}                | {'a':'text'}
            {'a':{'b':1}}             | {'a':{}}                    | {'a':{'b':1}}
            {'a':1}                   | {'x':{'y':null}}            | {'a':1,'x':{}}
            """)
    void mergesAsJsonMergePatchDoes(String before, String patch, String after) throws Exception {
        twins.replace(DEVICE, values("{'tags':" + before + ",'properties':{'desired':" + before + "}}"), Optional.empty());
        Values twin = twins.patch(DEVICE, values("{'tags':" + patch + ",'properties':{'desired':" + patch + "}}"), Optional.empty());
        assertEquals(values(after), twin.values("tags"));
        report(before.equals("{}") ? "{'z':1}" : before);
        report(before.equals("{}") ? "{'z':null}" : patch);
        report(patch);
        Values read = twins.read(DEVICE);
        for (String section : List.of("desired", "reported")) {
            Values.Builder bare = Values.builder();
            read.values(section).forEach((key, value) -> {
                if (!key.equals("$version")) {
                    bare.put(key, value);
                }
            });
            assertEquals(values(after), bare.build(), section);
        }
        assertEquals(values("{'properties':{'desired':" + patch + "}}").values("properties").values("desired"),
                values(room.told.get(room.told.size() - 1).split(" ")[2]), "the listener is told the patch as it was sent, nulls kept");
    }

    @Test
    void stampsAllLevelsOnTheWayToAChangeAndNoOthers() throws Exception {
        desired("{'a':{'b':1,'c':2},'d':3}");
        room.clock.advance(Duration.ofMillis(1500));
        desired("{'a':{'b':5}}");
        String old = "\"$lastUpdated\":\"2026-01-01T00:00:00.000Z\",\"$lastUpdatedVersion\":2";
        String now = "\"$lastUpdated\":\"2026-01-01T00:00:01.500Z\",\"$lastUpdatedVersion\":3";
        assertEquals("{" + now + ",\"a\":{" + now + ",\"b\":{" + now + "},\"c\":{" + old + "}},\"d\":{" + old + "}}",
                json(twins.twin(DEVICE).values("properties").values("desired").get("$metadata")));
        desired("{'a':null}");
        assertEquals(List.of("$lastUpdated", "$lastUpdatedVersion", "d"),
                List.copyOf(twins.twin(DEVICE).values("properties").values("desired").values("$metadata").keySet()));
    }

    @Test
    void countsEachSectionForItself() throws Exception {
        assertEquals(2, report("{'a':1}"));
        assertEquals(3, report("{'a':1}"));
        assertEquals(3, report("{}"));
        Values twin = desired("{'a':1}");
        assertEquals(2, twin.values("properties").values("desired").integer("$version"));
        assertEquals(3, twin.values("properties").values("reported").integer("$version"));
        assertEquals(5, twin.integer("version"));
        assertEquals("AAAAAAAAAAI=", twin.text("etag"));
        twin = twins.patch(DEVICE, values("{'tags':{'floor':2}}"), Optional.empty());
        assertEquals(2, twin.values("properties").values("desired").integer("$version"));
        assertEquals("AAAAAAAAAAM=", twin.text("etag"));
    }

    @Test
    void takesNullAndAbsentForTheSame() throws Exception {
        // As the Java service client sends it: every field, most of them null.
        Values twin = twins.patch(DEVICE, values("{'deviceId':'dev-1','etag':null,'tags':{},'version':null,"
                + "'properties':{'desired':{'a':1},'reported':null},'capabilities':null}"), Optional.empty());
        assertEquals(1, twin.values("properties").values("desired").integer("a"));
        assertEquals(List.of("desired dev-1 {\"a\":1} 2"), room.told);
        twins.patch(DEVICE, values("{'tags':null,'properties':null}"), Optional.empty());
        twins.patch(DEVICE, values("{'tags':{},'properties':{'desired':{}}}"), Optional.empty());
        assertEquals(1, room.told.size());
        assertEquals(2, twins.read(DEVICE).values("desired").integer("$version"));
    }

    @Test
    void lettersOfTheServiceDoNotReachWhatTheDeviceReports() throws Exception {
        report("{'a':1}");
        Values sent = values("{'properties':{'reported':{'a':2},'desired':{'b':1,'$version':77,'$metadata':{'b':{}}}}}");
        assertEquals(1, twins.patch(DEVICE, sent, Optional.empty()).values("properties").values("reported").integer("a"));
        Values twin = twins.replace(DEVICE, sent, Optional.empty());
        assertEquals(1, twin.values("properties").values("reported").integer("a"));
        assertEquals(3, twin.values("properties").values("desired").integer("$version"));
    }

    @Test
    void replacesSectionBySectionAndTellsTheWayThere() throws Exception {
        twins.patch(DEVICE, values("{'tags':{'t':1},'properties':{'desired':{'a':{'x':1,'y':2},'b':1,'c':3}}}"), Optional.empty());
        room.told.clear();
        Values twin = twins.replace(DEVICE, values("{'properties':{'desired':{'a':{'x':1,'z':null},'c':4,'d':[1]}}}"), Optional.empty());
        assertEquals(List.of("replaced dev-1 {\"b\":null,\"a\":{\"y\":null},\"c\":4,\"d\":[1]} {\"a\":{\"x\":1},\"c\":4,\"d\":[1]} 3"), room.told);
        assertEquals(1, twin.values("tags").integer("t"));
        assertEquals(Values.EMPTY, twins.replace(DEVICE, values("{'tags':{}}"), Optional.empty()).values("tags"));
        assertEquals(1, room.told.size());
    }

    @ParameterizedTest
    @CsvSource({"AAAAAAAAAAE=, true", "'\"AAAAAAAAAAE=\"', true", "*, true", "'\"*\"', true", "AAAAAAAAAAI=, false", "'\"x\"', false"})
    void writesOnlyOverTheETagThatWasRead(String etag, boolean good) throws Exception {
        report("{'a':1}"); // a device that reports does not make the service's writes fail
        Values patch = values("{'tags':{'a':1}}");
        if (good) {
            assertEquals("AAAAAAAAAAI=", twins.patch(DEVICE, patch, Optional.of(etag)).text("etag"));
        } else {
            assertEquals(AzureError.PreconditionFailed, error(() -> twins.patch(DEVICE, patch, Optional.of(etag))));
            assertEquals(AzureError.PreconditionFailed, error(() -> twins.replace(DEVICE, patch, Optional.of(etag))));
            assertEquals(Values.EMPTY, twins.twin(DEVICE).values("tags"));
        }
    }

    @Test
    void reportsOverTheVersionThatTheDeviceInsistsOn() throws Exception {
        assertEquals(2, twins.report(DEVICE, values("{'a':1}"), OptionalLong.of(1)));
        assertEquals(AzureError.PreconditionFailed, error(() -> twins.report(DEVICE, values("{'a':2}"), OptionalLong.of(1))));
        assertEquals(1, twins.read(DEVICE).values("reported").integer("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a.b':1}", "{'a b':1}", "{'$a':1}", "{'':1}", "{'a':{'$b':null}}", "{'a':[{'b.c':1}]}", "{'a':4503599627370496}",
            "{'a':-4503599627370497}", "{'a':[123456789012345678901234567890]}", "{'a':{'b\\u0001':1}}", "{'a\\u0085':1}",
            "{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':1}}}}}}}}}}}}"})
    void refusesWhatATwinCannotHold(String patch) throws Exception {
        AzureException refused = assertThrows(AzureException.class, () -> report(patch));
        assertEquals(AzureError.ArgumentInvalid, refused.error());
        assertTrue(refused.getMessage().startsWith("properties.reported"), refused.getMessage());
        assertTrue(assertThrows(AzureException.class, () -> desired(patch)).getMessage().startsWith("properties.desired"));
        assertTrue(assertThrows(AzureException.class, () -> twins.patch(DEVICE, values("{'tags':" + patch + "}"), Optional.empty()))
                .getMessage().startsWith("tags"));
        assertEquals(1, twins.read(DEVICE).values("reported").integer("$version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a':4503599627370495}", "{'a':-4503599627370496}", "{'a':1e300}", "{'Ä-_ß':'ü'}", "{'a':[null,[1],{'b':false}]}",
            "{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':1}}}}}}}}}}}"})
    void takesWhatATwinCanHold(String patch) throws Exception {
        assertEquals(2, report(patch));
        assertEquals(values(patch).get(values(patch).keySet().iterator().next()),
                twins.read(DEVICE).values("reported").get(values(patch).keySet().iterator().next()));
    }

    @Test
    void countsBytesAsTheServiceDoes() throws Exception {
        String full = "x".repeat(4095); // and one for its key
        for (char key = 'a'; key < 'i'; key++) {
            report("{'" + key + "':'" + full + "'}");
        }
        AzureException refused = assertThrows(AzureException.class, () -> report("{'i':true}"));
        assertTrue(refused.getMessage().contains("32773 bytes; 32768 is the most"), refused.getMessage());
        report("{'h':null,'i':true}");
        assertEquals(AzureError.ArgumentInvalid, error(() -> report("{'j':'" + "x".repeat(4097) + "'}")));
        assertEquals(AzureError.ArgumentInvalid, error(() -> report("{'j':'" + "\u00e9".repeat(2049) + "'}")));
        assertEquals(AzureError.ArgumentInvalid, error(() -> twins.patch(DEVICE, values("{'tags':{'a':'" + full + "','b':'" + full + "','c':1}}"), Optional.empty())));
        assertEquals(4 + 8 + 1 + 4 + 1 + 2 + 2, TwinRules.size(values("{'abcd':8,'e':[true],'f':'\u00e9\\u0007','gh':{}}")));
    }

    // What cannot be read again must not be written.
    @Test
    void refusesKeysThatJsonWouldNotRead() throws Exception {
        twins.report(DEVICE, Values.of("k".repeat(256), 1), OptionalLong.empty());
        assertEquals(AzureError.ArgumentInvalid, error(() -> twins.report(DEVICE, Values.of("k".repeat(257), 1), OptionalLong.empty())));
    }

    @Test
    void findsTwinsOfThoseThatAreThereOnly() throws Exception {
        assertEquals(AzureError.DeviceNotFound, error(() -> twins.read(Identity.of("dev-2"))));
        assertEquals(AzureError.DeviceNotFound, error(() -> twins.twin(Identity.of("dev-2", "m"))));
        assertEquals(AzureError.ModuleNotFound, error(() -> twins.report(Identity.of("dev-1", "m"), Values.EMPTY, OptionalLong.empty())));
        room.identities.update(DEVICE, values("{'status':'disabled'}"), Optional.empty());
        assertEquals("disabled", twins.twin(DEVICE).text("status"));
        desired("{'a':1}");
        assertEquals(2, report("{'a':1}"));
    }

    @Test
    void showsTheModelOnceItIsTold() throws Exception {
        twins.model(DEVICE, Optional.empty());
        assertTrue(!twins.twin(DEVICE).containsKey("modelId"));
        twins.model(DEVICE, Optional.of("dtmi:com:example;1"));
        assertEquals("dtmi:com:example;1", twins.twin(DEVICE).text("modelId"));
        twins.model(DEVICE, Optional.empty());
        assertEquals("dtmi:com:example;1", twins.twin(DEVICE).text("modelId"));
    }

    @Test
    void listsAllInOrder() throws Exception {
        for (int i = 0; i < 600; i++) {
            room.identities.create(Identity.of("x-" + i), Values.EMPTY);
        }
        room.identities.create(Identity.of("dev-1", "m2"), Values.EMPTY);
        room.identities.create(Identity.of("dev-1", "m1"), Values.EMPTY);
        List<String> all = twins.all(false).stream().map(twin -> twin.text("deviceId")).toList();
        assertEquals(601, all.size());
        assertEquals(all.stream().sorted().toList(), all);
        assertEquals(List.of("m1", "m2"), twins.all(true).stream().map(twin -> twin.text("moduleId")).toList());
    }

    @Test
    void writesChangesToTheEventLog() throws Exception {
        room.events.clear();
        desired("{'a':null}");
        report("{'b':1}");
        assertEquals("twinChangeEvents updateTwin dev-1 {\"version\":3,\"properties\":{\"desired\":{\"a\":null,\"$metadata\":"
                + "{\"$lastUpdated\":\"2026-01-01T00:00:00.000Z\",\"$lastUpdatedVersion\":2},\"$version\":2}}}", room.events.get(0));
        assertTrue(room.events.get(1).startsWith("twinChangeEvents updateTwin dev-1 {\"version\":4,\"properties\":{\"reported\":{\"b\":1,"),
                room.events.get(1));
    }

    // Listeners forward to devices, which drop what is older than what they have: out of order means lost.
    @Test
    void tellsVersionsInTheirOrderWhenManyWrite() throws Exception {
        int each = 100;
        CountDownLatch done = new CountDownLatch(3);
        for (int writer = 0; writer < 2; writer++) {
            String key = "w" + writer;
            new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int value = i;
                    run(() -> desired("{'" + key + "':" + value + "}"));
                }
                done.countDown();
            }).start();
        }
        new Thread(() -> {
            for (int i = 0; i < each; i++) {
                run(() -> report("{'r':" + System.nanoTime() % 1000 + "}"));
            }
            done.countDown();
        }).start();
        assertTrue(done.await(60, TimeUnit.SECONDS));
        List<Long> versions = room.told.stream().map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1))).toList();
        assertEquals(java.util.stream.LongStream.rangeClosed(2, 2 * each + 1).boxed().toList(), versions);
        Values read = twins.read(DEVICE);
        assertEquals(List.of(99L, 99L, 201L), List.of("w0", "w1", "$version").stream().map(read.values("desired")::integer).toList());
        assertEquals(each + 1, read.values("reported").integer("$version"));
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void run(Call call) {
        try {
            call.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsAllOverARestart() throws Exception {
        twins.patch(DEVICE, values("{'tags':{'t':[1,{'a':null}]},'properties':{'desired':{'a':{'b':1.5}}}}"), Optional.empty());
        report("{'c':{'d':'text','e':false}}");
        twins.model(DEVICE, Optional.of("dtmi:com:example;1"));
        Values before = twins.twin(DEVICE);
        room.close();
        room = new KeepingRoom(home, room.clock);
        twins = room.twins;
        assertEquals(json(before), json(twins.twin(DEVICE)));
        assertEquals(3, report("{'c':null}"));
    }
}
