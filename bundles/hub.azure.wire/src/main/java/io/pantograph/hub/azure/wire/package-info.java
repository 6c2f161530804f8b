/** IoT Hub and its provisioning service as devices meet them over MQTT. */
package io.pantograph.hub.azure.wire;
