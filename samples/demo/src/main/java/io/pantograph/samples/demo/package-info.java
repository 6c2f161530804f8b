/** What the demo box adds to gateway and hub: devices to watch, and the lines on the screen. */
package io.pantograph.samples.demo;
