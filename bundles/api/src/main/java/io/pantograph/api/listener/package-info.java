/**
 * For everybody who wants to be told: register a listener as a service; stop the bundle to end it.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.listener;
