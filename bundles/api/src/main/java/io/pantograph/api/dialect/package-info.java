/**
 * For dialect authors: a cloud's device protocol as pure functions.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.dialect;
