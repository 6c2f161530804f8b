/**
 * What IoT Hub and its device provisioning service do, without MQTT and HTTP: between our own rooms on the hub's side.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.azure;
