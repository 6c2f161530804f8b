package io.pantograph.codecs.stock;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Writes the version of its bundle before the data, and does not forgive being called after its end or in the middle of it.
 * Packed into jars of many versions while the tests run.
 */
@Component
@CodecFormat(format = "stock")
public final class StockCodec implements Codec {

    private final BundleContext context;
    private final String version;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean gone;

    @Activate
    public StockCodec(BundleContext context) {
        this.context = context;
        version = context.getBundle().getVersion().toString();
    }

    @Deactivate
    void close() {
        gone = true;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Bytes encode(Content content) throws CodecException {
        check("called after its end");
        // A class that this loader has not loaded yet: a bundle that is half gone fails here.
        String text = Late.text(content);
        // What a test wants to happen in the middle of a call; the two sides share only classes of the JDK.
        if (System.getProperties().get("stock." + text) instanceof Consumer<?> inside) {
            ((Consumer<BundleContext>) inside).accept(context);
        }
        if (System.getProperties().get("stock.breaks." + version) instanceof Integer at && calls.incrementAndGet() >= at) {
            throw new IllegalStateException("broken");
        }
        Bytes bytes = Bytes.utf8(version + ' ' + text);
        check("ended during a call");
        return bytes;
    }

    @Override
    public Content decode(Bytes bytes) {
        check("called after its end");
        return Content.of(bytes.text());
    }

    private void check(String what) {
        if (gone) {
            throw new IllegalStateException(what);
        }
    }

    static final class Late {

        private Late() {
        }

        static String text(Content content) {
            return String.valueOf(content.data());
        }
    }
}
