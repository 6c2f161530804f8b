/** A device of one's own: the environmental sensor of IoT Central, provisioned, with commands and writable properties. */
package io.pantograph.samples.device.sensor;
