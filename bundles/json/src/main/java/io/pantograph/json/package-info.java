/**
 * JSON text to plain data and back, with limits, for bytes that come from outside.
 *
 * <p>No bundle of its own in any box: bnd copies this package into each bundle that speaks JSON, so that every codec can be
 * stopped, updated and taken out without another one noticing.
 */
package io.pantograph.json;
