/** One MQTT session for each client id: login, reconnect, window, up and down. */
package io.pantograph.session;
