/** A program on the service's side: it calls a direct method. */
package io.pantograph.samples.service.call;
