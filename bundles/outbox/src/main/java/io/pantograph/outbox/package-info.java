/** Telemetry that is accepted but not yet acknowledged: bounded lanes, one for each device. */
package io.pantograph.outbox;
