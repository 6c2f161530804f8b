package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;

/** A bundle goes. If the box has one of that name itself, that is back. */
final class Removal implements Swap {

    private final Former former;

    Removal(Former former) {
        this.former = former;
    }

    @Override
    public void place() {
        // Nothing comes.
    }

    @Override
    public void serve(Consumer<Verdict> then) {
        then.accept(new Verdict(true, "")); // it goes when all others of its release are proven
    }

    @Override
    public void settle() {
        former.returnToTheBox();
    }

    @Override
    public void withdraw() {
        // Nothing was touched.
    }

    @Override
    public Optional<Bundle> bundle() {
        return Optional.empty();
    }
}
