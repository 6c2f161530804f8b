/**
 * What everyone speaks of: devices, content, telemetry, and what became of them. Imports nothing.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.model;
