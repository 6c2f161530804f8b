/** MQTT itself, with Eclipse Paho. */
package io.pantograph.transport.paho;
