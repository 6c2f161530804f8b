/** The command line: a hub and its devices, from a terminal. */
package io.pantograph.cli;
