/** The one who installs: what is copied into {@code HOME/drop} comes into service, and nothing else changes. */
package io.pantograph.deploy;
