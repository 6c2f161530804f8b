package io.pantograph.service;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.service.EventFilter;
import io.pantograph.api.service.EventListener;
import io.pantograph.api.service.ServiceException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/** Makes events of what the hub's stream tells. */
record Watch(EventFilter filter, EventListener listener) implements EventStream.Reader {

    @Override
    public Ask ask(OptionalLong last) {
        return EventDocuments.ask(filter, last);
    }

    @Override
    public void listening() {
        listener.listening();
    }

    @Override
    public void told(OptionalLong id, String kind, String data) {
        try {
            switch (kind) {
                case "end" -> {
                    // the connection ends now; the next goes on from here
                }
                case "gap" -> EventDocuments.gap(data, listener);
                default -> listener.event(EventDocuments.event(id.orElse(-1), data));
            }
        } catch (CodecException e) {
            throw new CompletionException("the hub told an event that is none: " + e.getMessage(), e);
        }
    }

    @Override
    public void ended(Optional<ServiceException> why) {
        listener.ended(why);
    }
}
