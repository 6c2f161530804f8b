package io.pantograph.session;

import java.time.Duration;

/** How far a session goes; see the descriptions in {@link SessionRoom.Config}. */
record Limits(int window, Duration keepAlive, Duration stall, Duration pause, Duration refusedPause, Duration commandPatience, int inbound) {
}
