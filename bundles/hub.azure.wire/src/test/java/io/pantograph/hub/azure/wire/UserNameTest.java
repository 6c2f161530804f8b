package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.Remote;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserNameTest {

    // Java, Node, Python and C each spell the query in their own way; old clients leave the question mark out.
    @ParameterizedTest
    @CsvSource(delimiterString = "|", value = {
        "127.0.0.1/dev1/?api-version=2020-09-30&model-id=dtmi%3Acom%3Aa%3B1&DeviceClientType=com.microsoft.azure.sdk.iot.iot-device-client%2F2.5.0%20%28x%29|dev1|dtmi:com:a;1",
        "127.0.0.1/dev1/?api-version=2021-04-12&model-id=dtmi:com:a;1&DeviceClientType=azure-iot-device%2F1.18.4%20(node v18)|dev1|dtmi:com:a;1",
        "127.0.0.1/dev1/?api-version=2020-09-30&DeviceClientType=py&model-id=dtmi%3Acom%3Aa%3B1|dev1|dtmi:com:a;1",
        "127.0.0.1/dev1/?DeviceClientType=c&what=ever&api-version=2019-10-01|dev1|",
        "127.0.0.1/dev1/mod1/?api-version=2019-10-01&bad=%zz|dev1/mod1|",
        "127.0.0.1/dev1/api-version=2016-11-14|dev1|",
        "127.0.0.1/a?b/?api-version=2019-10-01|a?b|"})
    void readsWhatClientsSend(String text, String clientId, String modelId) {
        UserName name = UserName.of(text).orElseThrow();
        assertEquals("127.0.0.1", name.host());
        assertEquals(clientId, name.clientId());
        assertEquals(Optional.ofNullable(modelId), name.modelId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"use-token-auth", "a-edge01-abcdefghij", "g/edge01/type/id", "", "/?", "host/?api-version=1", "host/dev/?version=1", "host/dev",
        "host//?api-version=1"})
    void leavesOthersToOthers(String text) {
        assertTrue(UserName.of(text).isEmpty());
        assertTrue(!new Room().rules.claims(attempt(text)));
    }

    @Test
    void leavesClientsWithoutUserNameToOthers() {
        assertTrue(!new Room().rules.claims(attempt(null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h/dev1/?api-version=2021-04-12", "0ne00TEST01/registrations/r1/api-version=2019-03-31&ClientVersion=x"})
    void claimsItsOwn(String text) {
        assertTrue(new Room().rules.claims(attempt(text)));
    }

    @Test
    void readsRegistrations() {
        assertEquals(Optional.of(new RegistrationName("0ne1", "r-1")), RegistrationName.of("0ne1/registrations/r-1/api-version=2019-03-31&ClientVersion=a/b"));
        assertEquals(Optional.of(new RegistrationName("0ne1", "r-1")), RegistrationName.of("0ne1/registrations/r-1/?api-version=2019-03-31"));
        assertEquals(Optional.empty(), RegistrationName.of("host/dev/registrations/r/api-version=1"));
        assertEquals(Optional.empty(), RegistrationName.of("host/registrations/?api-version=1"));
    }

    private static LoginAttempt attempt(String user) {
        return new LoginAttempt("dev1", Optional.ofNullable(user), Optional.empty(), true, Duration.ofSeconds(60), Optional.empty(),
                new Remote("192.0.2.7", 8883, true, false, Optional.empty()));
    }
}
