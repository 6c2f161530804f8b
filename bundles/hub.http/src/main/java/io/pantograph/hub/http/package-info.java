/** The HTTP front of the hub. */
package io.pantograph.hub.http;
