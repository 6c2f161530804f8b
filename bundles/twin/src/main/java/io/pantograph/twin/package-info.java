/** The device's side of twins: reports that wait, desired values and their handlers. */
package io.pantograph.twin;
