package io.pantograph.service;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.service.EventWatch;
import io.pantograph.api.service.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads a server's event stream on a thread of its own, and comes again where it was when the connection breaks. */
public final class EventStream implements EventWatch {

    /** What is read, and who reads it. All called on the stream's thread. */
    public interface Reader {

        /** @param last id that was told; empty at first */
        Ask ask(OptionalLong last);

        void listening();

        /** @param id the last that was told. @param kind {@code message} unless told. @throws RuntimeException ends it */
        void told(OptionalLong id, String kind, String data);

        /** The last call. @param why empty if it was closed */
        void ended(Optional<ServiceException> why);
    }

    private static final String USUAL = "message";
    /** A hub says every 15 s that it is alive. */
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final int LONGEST_LINE = 2 * 1024 * 1024;
    private static final int LONGEST_REFUSAL = 64 * 1024;
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Wire wire;
    private final Reader reading;
    private final Consumer<EventStream> whenEnded;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "pantograph-service-events");
    private volatile CompletableFuture<?> asked;
    private volatile InputStream stream;
    private volatile long heardAt;
    private OptionalLong last = OptionalLong.empty();
    private boolean listened;

    public EventStream(Wire wire, Reader reading, Consumer<EventStream> whenEnded) {
        this.wire = wire;
        this.reading = reading;
        this.whenEnded = whenEnded;
        thread.setDaemon(true);
    }

    /** Once. */
    public void begin() {
        thread.start();
    }

    private void run() {
        Optional<ServiceException> why = Optional.empty();
        try {
            int failures = 0;
            while (!isClosed()) {
                boolean heard = listen();
                failures = heard ? 0 : failures + 1;
                pause(failures);
            }
        } catch (ServiceException e) {
            why = Optional.of(e);
        } catch (RuntimeException | LinkageError e) {
            why = Optional.of(new ServiceException(0, ServiceException.CLOSED, e instanceof CompletionException ? e.getMessage() : "the listener of events failed: " + e, e));
        } finally {
            whenEnded.accept(this);
            reading.ended(isClosed() ? Optional.empty() : why);
        }
    }

    /** Until the connection ends. @return whether something was heard. @throws ServiceException if coming again is of no use */
    private boolean listen() throws ServiceException {
        Ask ask = reading.ask(last);
        try {
            HttpResponse<InputStream> response = answer(ask);
            try (InputStream body = response.body()) {
                stream = body;
                if (isClosed()) {
                    return false;
                }
                if (response.statusCode() != 200) {
                    refused(ask, response, body);
                    return false;
                }
                listened = true;
                heardAt = wire.now();
                Runnable unwatched = wire.every(SILENCE.dividedBy(4), this::cutWhatIsSilent);
                try {
                    reading.listening();
                    return read(new Lines(body, LONGEST_LINE));
                } finally {
                    unwatched.run();
                }
            }
        } catch (IOException e) {
            if (!listened && !isClosed()) {
                throw wire.failure(ask, e);
            }
            return false;
        } catch (InterruptedException e) {
            closed.countDown(); // who interrupts this thread wants it to end
            return false;
        }
    }

    // A connection whose other end is gone without a word would be read for ever.
    private void cutWhatIsSilent() {
        if (wire.now() - heardAt > SILENCE.toNanos()) {
            shut(stream);
        }
    }

    private HttpResponse<InputStream> answer(Ask ask) throws IOException, InterruptedException, ServiceException {
        CompletableFuture<HttpResponse<InputStream>> sent = wire.http().sendAsync(wire.request(ask, ANSWER), HttpResponse.BodyHandlers.ofInputStream());
        asked = sent;
        if (isClosed()) {
            sent.cancel(true);
        }
        try {
            return sent.get();
        } catch (CancellationException e) {
            throw new IOException("closed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw wire.failure(ask, e.getCause());
        }
    }

    private void refused(Ask ask, HttpResponse<InputStream> response, InputStream body) throws IOException, ServiceException {
        int status = response.statusCode();
        if (status == 404 || status == 405 || status == 501) {
            throw new ServiceException(status, ServiceException.NO_EVENTS, wire.where() + " has no event stream over HTTP. The cloud tells its events by "
                    + "its Event Hubs endpoint, over AMQP, which is not spoken here; events can be watched at a Pantograph hub");
        }
        HttpHeaders headers = response.headers();
        ServiceException why = Refusal.of(new Reply(ask.toString(), status, headers, Bytes.wrap(body.readNBytes(LONGEST_REFUSAL))));
        if (status != 429 && status != 503) {
            throw why;
        }
    }

    private boolean read(Lines lines) throws IOException {
        boolean heard = false;
        String kind = USUAL;
        String id = "";
        StringBuilder data = new StringBuilder();
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (isClosed()) {
                return heard;
            }
            heardAt = wire.now();
            if (line.startsWith("event:")) {
                kind = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                if (data.length() > 0) {
                    data.append('\n');
                }
                data.append(line, line.startsWith("data: ") ? 6 : 5, line.length());
            } else if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.isEmpty()) {
                number(id);
                if (data.length() > 0) {
                    heard = true;
                    reading.told(last, kind, data.toString());
                }
                data.setLength(0);
                kind = USUAL;
                id = "";
            }
        }
        return heard;
    }

    private void number(String text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            last = OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            // of no use for coming again
        }
    }

    private void pause(int failures) {
        long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
        try {
            closed.await(ThreadLocalRandom.current().nextLong(most / 2, most + 1), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    @Override
    public void close() {
        closed.countDown();
        shut(stream);
        CompletableFuture<?> under = asked;
        if (under != null) {
            under.cancel(true);
        }
    }

    private static void shut(InputStream open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it is over either way
            }
        }
    }
}
