/** Finds the handler of a command; order for each device, deadline, repeats. */
package io.pantograph.command;
