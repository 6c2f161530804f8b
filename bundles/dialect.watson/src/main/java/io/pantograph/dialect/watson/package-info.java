/** Topics and envelopes of IBM Watson IoT, the device's half and the hub's half. */
package io.pantograph.dialect.watson;
