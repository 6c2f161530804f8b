/**
 * What a codec has to show before it serves: golden vectors, round trips, hostile input, limits. The same checks for its author and for the
 * installer. No bundle of its own in any box: bnd copies it into those that try codecs, with what it stands on:
 * {@code -conditionalpackage: io.pantograph.proof, io.pantograph.json}.
 */
package io.pantograph.proof;
