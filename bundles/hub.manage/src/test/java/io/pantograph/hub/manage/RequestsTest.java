package io.pantograph.hub.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Management.Order;
import io.pantograph.api.hub.Management.Outcome;
import io.pantograph.api.hub.Management.Progress;
import io.pantograph.api.hub.Management.RefusedException;
import io.pantograph.api.hub.Management.RefusedException.Why;
import io.pantograph.api.hub.Management.Request;
import io.pantograph.api.hub.Registry.Page;
import io.pantograph.api.model.DeviceId;
import io.pantograph.hub.manage.ManagedHub.Speaker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator has devices do, with devices that answer as the official clients were seen to. */
class RequestsTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String OBSERVED = "{'fields':[{'field':'mgmt.firmware'}]}";
    private static final String PLUGINS = """
            {'bundleId':'plugins-v1','displayName':{'en_US':'Plug-ins'},'version':'1.0','provider':'acme','actions':{
              'install':{'actionDisplayName':{'en_US':'Install'},'parameters':[
                {'name':'id','value':'[a-z]{1,20}','required':true},{'name':'uri','value':'https?://.*'},{'name':'level','defaultValue':'5'}]},
              'list':{'actionDisplayName':{'en_US':'List'}}}}""";

    @TempDir
    static Path folder;
    private static ManagedHub hub;
    private static int count;

    @BeforeAll
    static void open() throws Exception {
        hub = new ManagedHub(folder);
        hub.office.addBundle(hub.values(PLUGINS));
    }

    @AfterAll
    static void close() throws Exception {
        hub.close();
    }

    private static Speaker managed() {
        Speaker device = hub.device("pump", "r-" + ++count);
        device.manage();
        return device;
    }

    private static String begin(Speaker device, String action, Map<String, String> parameters) {
        hub.told();
        return hub.office.initiate(new Order(action, List.of(device.device), parameters, HOUR, false));
    }

    private static void assertPending(String id, Speaker device) {
        assertFalse(hub.office.request(id).orElseThrow().complete());
        assertEquals(Optional.empty(), hub.office.progress(id, device.device).orElseThrow().outcome());
    }

    private static void assertEnded(String id, Speaker device, Outcome outcome, String message) {
        Progress progress = hub.office.progress(id, device.device).orElseThrow();
        assertEquals(Optional.of(outcome), progress.outcome(), progress.message());
        assertTrue(progress.message().contains(message), progress.message());
        Request request = hub.office.request(id).orElseThrow();
        assertTrue(request.complete());
        assertEquals(outcome, request.worst());
        assertEquals(List.of(), hub.told(), "nothing is said any more");
    }

    @ParameterizedTest
    @CsvSource({"device/reboot, mgmt/initiate/device/reboot", "device/factoryReset, mgmt/initiate/device/factory_reset"})
    void aRestartIsDoneWhenTheDeviceIsBack(String action, String path) {
        Speaker device = managed();
        String id = begin(device, action, Map.of());
        device.answer(device.expect(path, null), 202);
        assertPending(id, device);
        device.manage();
        assertEnded(id, device, Outcome.DONE, "back");
    }

    @ParameterizedTest
    @CsvSource({"500, REFUSED", "400, REFUSED", "501, UNSUPPORTED"})
    void aDeviceMayRefuseARestart(int code, Outcome outcome) {
        Speaker device = managed();
        String id = begin(device, "device/reboot", Map.of());
        device.answer(device.expect("mgmt/initiate/device/reboot", null), code);
        assertEnded(id, device, outcome, "rc " + code);
    }

    private static String prepared(Speaker device, String uri, int state) {
        return "{'fields':[{'field':'mgmt.firmware','value':{'version':'2.0','name':'','uri':'" + uri + "','verifier':'','state':" + state
                + ",'updateStatus':0,'updatedDateTime':'" + Times.text(hub.clock.instant()) + "'}}]}";
    }

    /** Up to the point where the device is told to begin. @return under what it answers */
    private static String observing(Speaker device, String what, String uri, int state) {
        device.answer(device.expect("device/update", prepared(device, uri, state)), 204);
        device.answer(device.expect("observe", OBSERVED), 200);
        return device.expect("mgmt/initiate/firmware/" + what, null);
    }

    private static void downloaded(Speaker device) {
        String id = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        device.answer(observing(device, "download", "http://x/fw", 0), 202);
        device.firmware("{'state':1}");
        assertPending(id, device);
        device.firmware("{'state':2}");
        assertPending(id, device);
        device.answer(device.expect("cancel", OBSERVED), 200);
        assertEnded(id, device, Outcome.DONE, "downloaded");
        assertEquals(2, hub.office.managed(device.device).orElseThrow().firmware().integer("state"));
    }

    @Test
    void firmwareIsDownloadedAndThenPutToUse() {
        Speaker device = managed();
        downloaded(device);
        String id = begin(device, "firmware/update", Map.of());
        device.answer(observing(device, "update", "http://x/fw", 2), 202);
        device.firmware("{'state':0,'updateStatus':1}"); // as Python's client says it: the state tells nothing
        assertPending(id, device);
        device.firmware("{'updateStatus':0}");
        device.answer(device.expect("cancel", OBSERVED), 200);
        assertEnded(id, device, Outcome.DONE, "updated");
        assertEquals("2.0", hub.registry.device(device.device).orElseThrow().attributes().values("deviceInfo").text("fwVersion"));
        assertEquals(0, hub.office.managed(device.device).orElseThrow().firmware().integer("state"));
    }

    // npm's client tells of the download before it answers that it will begin; Java's answers a second time.
    @Test
    void whatIsToldBeforeTheAnswerCountsAndASecondAnswerDoesNot() {
        Speaker device = managed();
        String id = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        String begin = observing(device, "download", "http://x/fw", 0);
        device.firmware("{'state':1}");
        device.answer(begin, 202);
        device.answer(begin, 501);
        assertPending(id, device);
        device.firmware("{'state':2}");
        String cancel = device.expect("cancel", OBSERVED);
        device.answer(begin, 501);
        assertPending(id, device);
        device.answer(cancel, 200);
        assertEnded(id, device, Outcome.DONE, "downloaded");
    }

    @Test
    void aDownloadThatIsDoneBeforeTheAnswerIsDone() {
        Speaker device = managed();
        String id = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        String begin = observing(device, "download", "http://x/fw", 0);
        device.firmware("{'state':2}");
        String cancel = device.expect("cancel", OBSERVED);
        device.answer(begin, 202);
        device.answer(cancel, 200);
        assertEnded(id, device, Outcome.DONE, "downloaded");
    }

    @ParameterizedTest
    @CsvSource({"2, out of memory", "3, lost the connection", "4, verification failed", "6, uri is invalid"})
    void aDownloadMayFail(int status, String why) {
        Speaker device = managed();
        String id = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        device.answer(observing(device, "download", "http://x/fw", 0), 202);
        device.firmware("{'state':1}");
        device.firmware("{'state':0,'updateStatus':" + status + "}");
        device.answer(device.expect("cancel", OBSERVED), 200);
        assertEnded(id, device, Outcome.FAILED, why);
    }

    @ParameterizedTest
    @CsvSource({"2, out of memory", "5, does not support this image"})
    void anUpdateMayFail(int status, String why) {
        Speaker device = managed();
        downloaded(device);
        String id = begin(device, "firmware/update", Map.of());
        device.answer(observing(device, "update", "http://x/fw", 2), 202);
        device.firmware("{'updateStatus':1}");
        device.firmware("{'updateStatus':" + status + "}");
        device.answer(device.expect("cancel", OBSERVED), 200);
        assertEnded(id, device, Outcome.FAILED, why);
        assertFalse(hub.registry.device(device.device).orElseThrow().attributes().containsKey("deviceInfo"), "the old firmware runs on");
    }

    @ParameterizedTest
    @CsvSource({"device/update, 400", "observe, 404", "begin, 400", "begin, 501"})
    void eachStepMayBeRefused(String step, int code) {
        Speaker device = managed();
        String id = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        String wire = device.expect("device/update", prepared(device, "http://x/fw", 0));
        device.answer(wire, step.equals("device/update") ? code : 204);
        if (!step.equals("device/update")) {
            wire = device.expect("observe", OBSERVED);
            device.answer(wire, step.equals("observe") ? code : 200);
        }
        if (step.equals("begin")) {
            device.answer(device.expect("mgmt/initiate/firmware/download", null), code);
            device.answer(device.expect("cancel", OBSERVED), 200);
        }
        assertEnded(id, device, code == 501 ? Outcome.UNSUPPORTED : Outcome.REFUSED, "rc " + code);
    }

    @ParameterizedTest
    @CsvSource({"200, DONE", "202, DONE", "500, REFUSED", "501, UNSUPPORTED"})
    void anActionOfABundle(int code, Outcome outcome) {
        Speaker device = managed();
        String id = begin(device, "plugins-v1/install", Map.of("id", "abc", "uri", "https://x/y"));
        String wire = device.expect("mgmt/custom/plugins-v1/install",
                "{'fields':[{'field':'id','value':'abc'},{'field':'uri','value':'https://x/y'},{'field':'level','value':'5'}]}");
        device.answer(wire, code);
        assertEnded(id, device, outcome, "rc " + code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "plugins-v1/install | uri=https://x        | INVALID  | 'id' is missing",
        "plugins-v1/install | id=ABC               | INVALID  | 'id' does not match",
        "plugins-v1/install | id=abc,uri=ftp://x   | INVALID  | 'uri' does not match",
        "plugins-v1/install | id=abc,colour=red    | INVALID  | no parameter 'colour'",
        "plugins-v1/list    | id=abc               | INVALID  | no parameter 'id'",
        "plugins-v1/dance   |                      | MISSING  | no action 'dance'",
        "other-v1/install   |                      | MISSING  | 'other-v1' does not exist",
        "device/dance       |                      | INVALID  | 'action' must be",
        "reboot             |                      | INVALID  | 'action' must be",
        "a/b/c              |                      | INVALID  | 'action' must be",
        "a/+                |                      | INVALID  | 'action' must be",
        "device/reboot      | fast=true            | INVALID  | no parameter 'fast'",
        "firmware/download  | colour=red           | INVALID  | no parameter 'colour'",
    })
    void whatCannotBeIsRefusedAndNothingIsSaid(String action, String parameters, Why why, String message) {
        Speaker device = managed();
        Map<String, String> given = new java.util.LinkedHashMap<>();
        for (String each : parameters == null ? new String[0] : parameters.split(",")) {
            given.put(each.split("=")[0], each.split("=")[1]);
        }
        RefusedException refused = assertThrows(RefusedException.class, () -> begin(device, action, given));
        assertEquals(why, refused.why());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertEquals(List.of(), hub.told());
    }

    @Test
    void oneDeviceThatCannotMakesItNothingForAll() {
        Speaker good = managed();
        Speaker unmanaged = hub.device("pump", "u-" + ++count);
        Speaker dormant = hub.device("pump", "d-" + ++count);
        dormant.ask("mgmt/manage", "{'lifetime':60}");
        hub.advance(Duration.ofSeconds(60));
        hub.told();
        Map<DeviceId, Why> bad = Map.of(unmanaged.device, Why.CONFLICT, dormant.device, Why.CONFLICT, new DeviceId("pump", "nobody"), Why.MISSING,
                good.device, Why.INVALID);
        bad.forEach((device, why) -> assertEquals(why, assertThrows(RefusedException.class,
                () -> hub.office.initiate(new Order("device/reboot", List.of(good.device, device), Map.of(), HOUR, false))).why(), device.toString()));
        assertThrows(RefusedException.class, () -> hub.office.initiate(new Order("device/reboot", List.of(), Map.of(), HOUR, false)));
        assertEquals(List.of(), hub.told());
    }

    @Test
    void whoDoesNotKnowHowIsNotAsked() {
        Speaker device = hub.device("pump", "n-" + ++count);
        device.ask("mgmt/manage", "{}");
        for (String action : List.of("device/reboot", "firmware/download", "plugins-v1/list")) {
            assertEnded(begin(device, action, Map.of()), device, Outcome.UNSUPPORTED, "does not support " + action);
        }
    }

    @Test
    void oneThingAtATimeUnlessToldOtherwise() {
        Speaker device = managed();
        String first = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        device.answer(observing(device, "download", "http://x/fw", 0), 202);
        assertEquals(Why.CONFLICT, assertThrows(RefusedException.class, () -> begin(device, "device/reboot", Map.of())).why());
        String custom = begin(device, "plugins-v1/list", Map.of());
        device.answer(device.expect("mgmt/custom/plugins-v1/list", "{'fields':[]}"), 200);
        assertTrue(hub.office.request(custom).orElseThrow().complete());
        hub.office.initiate(new Order("device/reboot", List.of(device.device), Map.of(), HOUR, true));
        assertEquals(List.of(device.down("cancel"), device.down("mgmt/initiate/device/reboot")), hub.told().stream().map(ManagedHub.Told::topic).toList());
        assertEnded(first, device, Outcome.FAILED, "another request");
    }

    @Test
    void theOperatorMayCancel() {
        Speaker device = managed();
        String id = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        device.answer(observing(device, "download", "http://x/fw", 0), 202);
        assertTrue(hub.office.cancel(id));
        device.expect("cancel", OBSERVED);
        assertEnded(id, device, Outcome.FAILED, "cancelled");
        assertFalse(hub.office.cancel("unknown"));
    }

    @Test
    void whoIsSilentForTooLongHasFailed() {
        Speaker silent = managed();
        Speaker tidying = managed();
        String one = begin(silent, "device/reboot", Map.of());
        String two = begin(tidying, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        tidying.answer(observing(tidying, "download", "http://x/fw", 0), 202);
        tidying.firmware("{'state':2}");
        tidying.expect("cancel", OBSERVED);
        hub.advance(Flow.TIDYING);
        assertEnded(two, tidying, Outcome.DONE, "downloaded");
        assertPending(one, silent);
        hub.advance(HOUR);
        assertEnded(one, silent, Outcome.FAILED, "in time");
    }

    @Test
    void whoLeavesTheManagementHasFailed() {
        Speaker device = managed();
        String id = begin(device, "device/reboot", Map.of());
        device.ask("mgmt/unmanage", "{}");
        assertEnded(id, device, Outcome.FAILED, "not managed any more");
    }

    // A device that was away hears the harmless steps again when it is back; what has an effect is never said twice.
    @Test
    void stepsWithoutEffectAreSaidAgain() {
        Speaker device = managed();
        String download = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        hub.told();
        device.say("iotdevice-1/mgmt/manage", "{}");
        assertEquals(List.of(), hub.told(), "some clients say that they are managed ten times in a row");
        hub.advance(Flow.SAY_AGAIN.plusMillis(1));
        device.say("iotdevice-1/mgmt/manage", "{}");
        device.answer(device.expect("device/update", null), 204);
        hub.advance(Flow.SAY_AGAIN.plusMillis(1));
        hub.told();
        device.say("iotdevice-1/mgmt/manage", "{}");
        device.answer(device.expect("observe", null), 200);
        device.expect("mgmt/initiate/firmware/download", null);
        hub.advance(Flow.SAY_AGAIN.plusMillis(1));
        device.say("iotdevice-1/mgmt/manage", "{}");
        assertEquals(List.of(), hub.told());
        assertPending(download, device);
    }

    @Test
    void requestsSurviveARestart() {
        Speaker device = managed();
        String id = begin(device, "firmware/download", Map.of("uri", "http://x/fw", "version", "2.0"));
        String begin = observing(device, "download", "http://x/fw", 0);
        hub.open();
        device.answer(begin, 202);
        device.firmware("{'state':2}");
        String cancel = device.expect("cancel", OBSERVED);
        hub.open();
        device.answer(cancel, 200);
        assertEnded(id, device, Outcome.DONE, "downloaded");
        String late = begin(device, "device/reboot", Map.of());
        hub.told();
        hub.open();
        hub.advance(HOUR);
        assertEnded(late, device, Outcome.FAILED, "in time");
    }

    @Test
    void listsComeInPages() {
        Speaker one = managed();
        Speaker two = managed();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            hub.advance(Duration.ofMillis(1));
            made.add(0, hub.office.initiate(new Order("plugins-v1/list", List.of(one.device, two.device), Map.of(), HOUR, false)));
        }
        Page<Request> first = hub.office.requests(2, Optional.empty());
        assertEquals(made.subList(0, 2), first.items().stream().map(Request::id).toList());
        assertEquals(made.get(2), hub.office.requests(1, first.next()).items().get(0).id());
        assertEquals(2, first.items().get(0).devices());
        Page<Progress> parts = hub.office.progress(made.get(0), 1, Optional.empty());
        assertEquals(2, parts.total());
        assertEquals(List.of(one.device, two.device), List.of(parts.items().get(0).device(),
                hub.office.progress(made.get(0), 1, parts.next()).items().get(0).device()));
        assertThrows(IllegalArgumentException.class, () -> hub.office.requests(1, Optional.of("nonsense")));
        assertTrue(hub.office.deleteRequest(made.get(0)));
        assertFalse(hub.office.deleteRequest(made.get(0)));
        assertEquals(Why.MISSING, assertThrows(RefusedException.class, () -> hub.office.progress(made.get(0), 1, Optional.empty())).why());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{'bundleId':'b','displayName':{'en':'x'},'actions':{}} | 'actions' must hold",
        "{'bundleId':'b/c','displayName':{'en':'x'},'actions':{'a':{'actionDisplayName':{'en':'x'}}}} | bundleId 'b/c' must be",
        "{'displayName':{'en':'x'},'actions':{'a':{'actionDisplayName':{'en':'x'}}}} | 'bundleId' must be",
        "{'bundleId':'b','displayName':'x','actions':{'a':{'actionDisplayName':{'en':'x'}}}} | 'displayName' must be an object",
        "{'bundleId':'b','displayName':{},'actions':{'a':{'actionDisplayName':{'en':'x'}}}} | must have a text for a locale",
        "{'bundleId':'b','displayName':{'en':'x'},'actions':{'a':{}}} | 'actionDisplayName' must be",
        "{'bundleId':'b','displayName':{'en':'x'},'actions':{'+':{'actionDisplayName':{'en':'x'}}}} | the action's id '+' must be",
        "{'bundleId':'b','displayName':{'en':'x'},'actions':{'a':{'actionDisplayName':{'en':'x'},'parameters':[{'name':'p','value':'['}]}}} | regular expression",
        "{'bundleId':'b','displayName':{'en':'x'},'actions':{'a':{'actionDisplayName':{'en':'x'},'parameters':[{'name':'p'},{'name':'p'}]}}} | twice",
        "{'bundleId':'b','displayName':{'en':'x'},'actions':{'a':{'actionDisplayName':{'en':'x'},'parameters':[{'name':'p','required':'yes'}]}}} | 'required' must be",
        "{'bundleId':'b','displayName':{'en':'x'},'colour':1,'actions':{'a':{'actionDisplayName':{'en':'x'}}}} | unexpected member 'colour'",
    })
    void aBundleIsChecked(String bundle, String message) {
        RefusedException refused = assertThrows(RefusedException.class, () -> hub.office.addBundle(hub.values(bundle)));
        assertEquals(Why.INVALID, refused.why());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    // There are rules that would need years; the operator who made one is told, and nobody else waits.
    @Test
    void aRuleThatTakesTooLongIsRefused() {
        hub.office.addBundle(hub.values("{'bundleId':'slow','displayName':{'en':'x'},'actions':{'a':{'actionDisplayName':{'en':'x'},"
                + "'parameters':[{'name':'p','value':'(.*a){20}b'}]}}}"));
        Speaker device = managed();
        RefusedException refused = assertThrows(RefusedException.class, () -> begin(device, "slow/a", Map.of("p", "a".repeat(60))));
        assertTrue(refused.getMessage().contains("takes too long"), refused.getMessage());
    }
}
