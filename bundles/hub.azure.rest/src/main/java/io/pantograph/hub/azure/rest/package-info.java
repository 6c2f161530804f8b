/**
 * IoT Hub's service API over HTTP, and the event monitor.
 *
 * <p><b>Event monitor.</b> The cloud tells events by AMQP only; this is the hub's own way, for whoever holds a policy with
 * {@code ServiceConnect}:
 *
 * <pre>{@code
 * GET /events[?device=ID][&module=ID][&source=Telemetry][&from=latest|earliest|SEQUENCE|TIME][&body=auto|base64][&format=sse|ndjson]
 * Authorization: SharedAccessSignature ...
 * Accept: text/event-stream            (or application/x-ndjson)
 * Last-Event-ID: SEQUENCE              (goes before from: on with the one after it)
 *
 * HTTP/1.1 200 OK
 * Content-Type: text/event-stream; charset=utf-8
 *
 * : listening at 17
 * id: 16
 *
 * id: 17
 * event: telemetry
 * data: {"sequence":17,"enqueuedTime":"2026-01-01T00:00:00.000Z","deviceId":"dev1","moduleId":"mod1","source":"Telemetry",
 *        "systemProperties":{"message-id":"1"},"properties":{"alert":"true"},"bodyFormat":"json","body":{"celsius":21.5}}
 *
 * }</pre>
 *
 * <p>The data is on one line. {@code moduleId} is there for modules only. {@code event} is {@code telemetry}, or the source as it is
 * ({@code twinChangeEvents}, {@code deviceLifecycleEvents}, {@code deviceConnectionStateEvents}). {@code bodyFormat} says what
 * {@code body} is: {@code json}, the value itself; {@code text}; or {@code base64}, the bytes, always so with {@code body=base64}. An
 * event whose content type begins with {@code text/} is never read as JSON. {@code from} is {@code latest} unless told, which begins
 * with the next event; a number begins with that event, a time (ISO 8601) with the first taken then or later.
 *
 * <p>Two more, without an id:
 * <ul>
 * <li>{@code event: gap}, data {@code {"from":5,"to":90}}: these were gone from the log before they could be told, the last not counted.
 * <li>{@code event: end}, data {@code {"reason":"tooSlow","message":"..."}}: the last of a stream that the hub ends. Reasons are
 *     {@code tooSlow} (nothing was read for 30 s), {@code closing} (the hub stops), {@code expired} (the
 *     token) and {@code failed}.
 * </ul>
 *
 * <p>A comment line {@code : alive} comes after 15 s without an event. It and the first come with an id and no data, which by the rules of
 * server-sent events is no event, but makes who loses the connection go on from there. With {@code application/x-ndjson} each event is one line, the data with a first
 * member {@code event}; the lines {@code {"event":"listening","next":17}} and {@code {"event":"alive"}} stand for the comments. A reader
 * is told events at its own pace. There may be 64 streams at a time; the next gets 429.
 */
package io.pantograph.hub.azure.rest;
