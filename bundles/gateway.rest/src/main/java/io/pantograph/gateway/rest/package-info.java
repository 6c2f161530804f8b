/** The gateway's own HTTP API, on this machine only: what is deployed, how it was proven, what waits for a codec. */
package io.pantograph.gateway.rest;
