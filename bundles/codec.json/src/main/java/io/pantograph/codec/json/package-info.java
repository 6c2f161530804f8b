/** The format json. */
package io.pantograph.codec.json;
