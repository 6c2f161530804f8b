/** The one installer behind every door, the drop folder first of all. */
package io.pantograph.deploy;
