/**
 * The one who installs, behind every door: looks into what is to come, says what it would do, tries it beside what is there, and journals it.
 * Two doors are in here as well: the folder {@code HOME/drop} and the document {@code HOME/conf/deployment.json}.
 */
package io.pantograph.deploy;
