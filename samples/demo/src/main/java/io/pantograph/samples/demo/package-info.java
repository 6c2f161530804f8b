/**
 * What the demo box shows: a few devices made at the first start, a stranger that speaks plain MQTT, an operator that sends
 * commands, and one line on the screen for everything that passes through the hub.
 */
package io.pantograph.samples.demo;
