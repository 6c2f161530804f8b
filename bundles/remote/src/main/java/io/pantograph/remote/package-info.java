/**
 * The doors that any cloud with commands and twins has, for the gateway's own devices (setting {@code pantograph.gateway.devices}) and for
 * no other: the command {@code deploy}, see {@link DeployCommand}, and the desired property {@code bundles}:
 * <pre>{@code
 * "bundles": {"org:example:codec": {"version": "1.1.0", "url": "https://hub.example/artifacts/9f...", "sha256": "9f..."}},
 * "deployment": {"trial": {"calls": 500}, "deadline-s": 900}          may be missing
 * }</pre>
 * Names of properties have colons where bundles have dots, since Azure's twins take no dots; both are understood. Setting a name to null, or
 * all of them, takes away what this door brought, and nothing else. All that differs from what is here is one deployment, all or nothing. A
 * later document supersedes what is on its way and is not wanted any more. A document is carried out once: what was taken back is tried again
 * when the document, or {@code deployment} beside it, changes; not when the gateway starts again.
 *
 * <p>Reported, at most once a second, is how every bundle stands that a deployment brought:
 * <pre>{@code
 * "bundles": {"org:example:codec": {"state": "probation", "version": "1.1.0", "sha256": "9f...", "serving": "1.0.0", "reason": null,
 *                 "evidence": {"calls": 17, "wanted": 500, "errors": 0, "p99-us": 54, "compared": 0, "different": 0}},
 *             "value": {"org:example:codec": "1.0.0"}, "ac": 202, "av": 4, "ad": "under way as d-17"}
 * }</pre>
 * {@code serving} is there when another version than this one serves. Then the acknowledgement as the cloud has it: 202 under way, 200 as
 * desired, 400 refused or not to be read, 409 changed by another door, 500 rolled back. At most 48 bundles are told of, since a twin holds 32 KB.
 */
package io.pantograph.remote;
