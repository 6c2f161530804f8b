/** Registry, last events and rules of the local hub. */
package io.pantograph.hub;
