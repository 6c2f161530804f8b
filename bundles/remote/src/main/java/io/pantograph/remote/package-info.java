/** The doors through the cloud that any cloud with commands and twins has: the command deploy, and the desired property bundles of the gateway's own device. */
package io.pantograph.remote;
