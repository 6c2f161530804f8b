/**
 * For who runs a gateway, and for the doors by which it is run: drop folder, shell, command line, REST, the clouds' device management. What is
 * deployed, how it was proven, what is kept aside. Implemented by the framework; {@link io.pantograph.api.operator.DeploymentListener} by anybody.
 *
 * <p><b>The release document</b>, the same at every door, is a JSON object:
 * <pre>{@code
 * {"bundles": {"org.example.codec.meter": {"version": "1.1.0", "url": "https://hub.example/artifacts/9f...", "sha256": "9f..."},
 *              "org.example.old": null},
 *  "trial": {"shadow": 0, "canary": {"devices": ["meter/m-1"], "types": ["meter"], "percent": 10, "calls": 200},
 *            "calls": 1000, "errors": 0.0, "differences": 0.0, "p99-us": 5000, "promote": "rule"},
 *  "deadline-s": 900}
 * }</pre>
 * {@code null} takes a bundle out. {@code version} and {@code url} may be missing: without a {@code url} the jar must have been handed in
 * before. {@code trial} and everything in it may be missing, likewise {@code deadline-s}. {@code promote} is {@code rule} or {@code hand}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.pantograph.api.operator;
