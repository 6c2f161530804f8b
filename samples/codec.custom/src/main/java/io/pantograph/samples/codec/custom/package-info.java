/** A codec of one's own: an object to a short text and back. */
package io.pantograph.samples.codec.custom;
