package io.pantograph.session;

import io.pantograph.api.wire.Login;
import java.time.Duration;

/** How far a session goes; see the descriptions in {@link SessionRoom.Config}. */
record Limits(int window, Duration keepAlive, Duration stall, Duration pause, Duration refusedPause, Duration commandPatience, int inbound) {

    /** The same login, with a keep-alive that is not too long. */
    Login capped(Login login) {
        Duration wanted = login.keepAlive();
        Duration capped = wanted.isZero() || wanted.compareTo(keepAlive) > 0 ? keepAlive : wanted;
        return new Login(login.clientId(), login.user(), login.password(), login.cleanSession(), capped, login.validFor());
    }
}
