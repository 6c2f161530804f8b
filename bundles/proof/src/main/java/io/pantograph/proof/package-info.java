/** What a codec has to show before it serves: golden vectors, round trips, hostile input, limits. The same checks for its author and for the installer. */
package io.pantograph.proof;
