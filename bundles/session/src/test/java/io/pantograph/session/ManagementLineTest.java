package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Subscription;
import io.pantograph.session.House.FakeIncoming;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the session does for the management of a device. */
class ManagementLineTest {

    private static final Subscription COMMANDS = new Subscription("commands", Qos.AT_LEAST_ONCE);
    private static final Subscription MANAGEMENT = new Subscription("management", Qos.AT_LEAST_ONCE);

    private final House house = new House();

    @BeforeEach
    void thereIsARoomAndAGrammar() {
        house.managed = (ManagementGrammar) Proxy.newProxyInstance(House.class.getClassLoader(), new Class<?>[] {ManagementGrammar.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("subscriptions")) {
                        return List.of(MANAGEMENT);
                    }
                    throw new UnsupportedOperationException("not the session's to ask");
                });
        house.managements = device -> Optional.of(house.management);
    }

    @Test
    void itBeginsWhenItsSubscriptionsAreGrantedAfterThoseOfCommands() {
        house.open();
        assertEquals(List.of(COMMANDS, MANAGEMENT), house.last().subscriptions);
        assertEquals(List.of("connected"), house.management.told);
        house.management.wire.apply(new Frame("manage", Bytes.EMPTY, Qos.AT_LEAST_ONCE));
        assertEquals(List.of("manage"), house.last().sent);
        FakeIncoming request = house.last().arrives("reboot", "{}");
        assertEquals(List.of("connected", "asked REBOOT {}"), house.management.told);
        assertEquals(1, request.acknowledged);
        house.last().cut();
        house.clock.advance(Duration.ofSeconds(1));
        assertEquals(List.of("connected", "asked REBOOT {}", "disconnected", "connected"), house.management.told);
    }

    @Test
    void whoIsNotManagedSubscribesNothing() {
        house.managements = device -> Optional.empty();
        house.open();
        assertEquals(List.of(COMMANDS), house.last().subscriptions);
        house.managed = null;
        house.managements = device -> Optional.of(house.management);
        house.open();
        assertEquals(List.of(COMMANDS), house.last().subscriptions);
        house.last().arrives("reboot", "{}");
        assertEquals(List.of(), house.management.told);
    }

    @Test
    void aRoomThatComesLaterIsTold() {
        house.managements = null;
        Conversation conversation = house.open();
        assertEquals(List.of(COMMANDS), house.last().subscriptions);
        house.managements = device -> Optional.of(house.management);
        conversation.managementsChanged();
        house.settle();
        assertEquals(List.of(COMMANDS, MANAGEMENT), house.last().subscriptions);
        assertEquals(List.of("connected"), house.management.told);
        house.managements = null;
        conversation.managementsChanged();
        house.settle();
        assertEquals(List.of("connected", "disconnected"), house.management.told);
    }

    @Test
    void aRoomThatFailsDoesNotStopTheSession() {
        house.managements = device -> {
            throw new IllegalStateException("half gone");
        };
        house.open();
        house.lane.put("e");
        house.settle();
        assertEquals(List.of("e"), house.last().sent);
    }
}
