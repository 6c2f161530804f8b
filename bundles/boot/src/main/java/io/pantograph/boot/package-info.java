/** The first room to start: checks the settings before anything listens or prints. */
package io.pantograph.boot;
