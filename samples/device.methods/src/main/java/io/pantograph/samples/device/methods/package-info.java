/** A device of one's own: it does what a direct method asks, and says what it cannot do. */
package io.pantograph.samples.device.methods;
