/** The MQTT front of the hub. */
package io.pantograph.hub.mqtt;
