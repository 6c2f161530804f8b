/** A device of one's own: a thermostat that tells its temperature and takes a set point. */
package io.pantograph.samples.device.thermostat;
