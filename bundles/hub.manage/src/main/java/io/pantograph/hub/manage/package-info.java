/** Watson's device management, the hub's half: what devices tell of themselves, and what the operator has them do. */
package io.pantograph.hub.manage;
