/**
 * Between the rooms of the local hub: registry, rules, MQTT front, HTTP front.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.hub;
