/** One conversation with the hub for each device, over however many connections. */
package io.pantograph.session;
