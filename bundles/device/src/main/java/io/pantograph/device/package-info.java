/** What a device developer meets: the gateway facade and its devices. */
package io.pantograph.device;
