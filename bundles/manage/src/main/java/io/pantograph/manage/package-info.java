/** The device management protocol at the gateway's end: actions of osgi-actions-v1 and the firmware flow become deployments. */
package io.pantograph.manage;
