/** IoT Hub's service API and the event monitor over HTTP. */
package io.pantograph.hub.azure.rest;
