package io.pantograph.api.service;

import io.pantograph.api.model.Values;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** From page to page. */
final class Paging {

    private static final int MOST = 100;

    private Paging() {
    }

    static CompletionStage<Long> from(ServiceClient client, String query, Consumer<? super Values> each, Optional<String> from, long before) {
        return client.query(query, MOST, from).thenCompose(page -> {
            page.found().forEach(each);
            long found = before + page.found().size();
            return page.next().isEmpty() ? CompletableFuture.completedStage(found) : from(client, query, each, page.next(), found);
        });
    }
}
