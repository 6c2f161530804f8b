/**
 * For device developers: the gateway and its devices. Implemented by the framework only.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.device;
