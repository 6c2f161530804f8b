/** A program on the service's side: it makes the identity of a device. */
package io.pantograph.samples.service.identity;
