/** Which codec, in which version, reads and writes this message. */
package io.pantograph.codecs;
