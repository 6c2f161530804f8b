/**
 * Measures the product against a named peer, both doing the same in the same run: each figure is a ratio, the median of
 * pairs of processes that take turns. {@link io.pantograph.bench.load.Pairs} is where it begins.
 */
package io.pantograph.bench.load;
