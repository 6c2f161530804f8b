/** What code costs that is changed while messages flow: the pause at a switch, the time of a deployment, the price of a shadow. */
package io.pantograph.bench.swap;
