/** What the hub keeps of IoT Hub: identities, twins, messages, events, enrolments. */
package io.pantograph.hub.azure;
