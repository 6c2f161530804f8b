/** A device of one's own: a windmill that tells the wind's speed, with ids, properties and confirmations. */
package io.pantograph.samples.device.windmill;
