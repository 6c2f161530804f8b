/** Which codec reads and writes this message, and that it stays whole until it has. */
package io.pantograph.codecs;
