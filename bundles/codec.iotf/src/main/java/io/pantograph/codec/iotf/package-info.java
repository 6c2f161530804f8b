/** The format json-iotf. */
package io.pantograph.codec.iotf;
