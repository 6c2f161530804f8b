/** Contracts as test classes, and fakes, for authors of codecs, dialects and transports. */
@Export
@Version("1.0.0")
package io.pantograph.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
