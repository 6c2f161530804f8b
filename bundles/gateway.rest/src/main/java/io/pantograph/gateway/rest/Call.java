package io.pantograph.gateway.rest;

/**
 * What is asked.
 *
 * @param path not decoded; names of bundles and deployments need no encoding, so what is encoded is none
 * @param query not decoded; null if there is none
 */
record Call(String method, String path, String query, Body body) {
}
