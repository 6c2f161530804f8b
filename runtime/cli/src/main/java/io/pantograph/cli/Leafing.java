package io.pantograph.cli;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceClient;
import io.pantograph.api.service.ServiceException;
import java.util.Optional;
import java.util.function.Consumer;

/** Goes through the pages of a query, up to so many findings. */
final class Leafing {

    private static final int PAGE = 100;

    private Leafing() {
    }

    static long all(ServiceClient hub, String query, long most, Consumer<Values> each) throws ServiceException {
        long found = 0;
        Optional<String> next = Optional.empty();
        do {
            ServiceClient.QueryPage page = Access.await(hub.query(query, (int) Math.min(PAGE, most - found), next));
            for (Values one : page.found()) {
                if (found < most) {
                    each.accept(one);
                    found++;
                }
            }
            next = page.next();
        } while (next.isPresent() && found < most);
        return found;
    }
}
