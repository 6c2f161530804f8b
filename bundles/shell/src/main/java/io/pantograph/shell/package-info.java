/** Commands for the Gogo shell: the operator's operations, typed. */
package io.pantograph.shell;
