/**
 * For authors who apply what the hub wants a device to be.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.twin;
