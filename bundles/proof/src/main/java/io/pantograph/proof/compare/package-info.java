/** How two contents differ. Needs nothing but the contracts, so that any bundle may copy it. */
package io.pantograph.proof.compare;
