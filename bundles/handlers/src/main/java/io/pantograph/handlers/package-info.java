/** Finding the authors' handlers among the services, and letting those that go finish what they have in hand. */
package io.pantograph.handlers;
