/** How devices speak with IoT Hub, its provisioning service and IoT Central. */
package io.pantograph.dialect.azure;
