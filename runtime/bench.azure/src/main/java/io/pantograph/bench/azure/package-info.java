/** What runtime/bench asks of clients of IoT Hub, and the official client as one of them. */
package io.pantograph.bench.azure;
