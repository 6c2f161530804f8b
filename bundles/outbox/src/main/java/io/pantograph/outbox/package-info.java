/** Telemetry that was accepted but is not yet acknowledged. */
package io.pantograph.outbox;
