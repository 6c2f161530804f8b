/** What both ends of Azure's protocols spell in the same way: property bags, SAS tokens, connection strings. Pure functions. */
package io.pantograph.azure;
