/**
 * For programs that run a fleet from the service's side, at an IoT Hub or at the local hub: identities, twins, methods, messages, events.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.service;
