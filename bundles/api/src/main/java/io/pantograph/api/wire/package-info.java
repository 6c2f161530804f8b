/**
 * MQTT words shared by dialects and transports: where to connect, as whom, and what travels.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.wire;
