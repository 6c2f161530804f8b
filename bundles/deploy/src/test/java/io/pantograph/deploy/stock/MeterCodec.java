package io.pantograph.deploy.stock;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Writes a number as text. What is wrong with it says its bundle's header {@code Fault}, so that one class makes many jars. */
@Component
@CodecFormat(format = "meter")
public final class MeterCodec implements Codec {

    private final String fault;
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean gone;

    @Activate
    public MeterCodec(BundleContext context) {
        String header = context.getBundle().getHeaders("").get("Fault");
        fault = header == null ? "" : header;
        if (fault.equals("constructor")) {
            throw new IllegalStateException("this codec cannot be made");
        }
    }

    @Deactivate
    void close() {
        gone = true;
    }

    private void misbehave() {
        if (gone) {
            throw new IllegalStateException("called after its end");
        }
        if (fault.startsWith("if ") && Boolean.getBoolean(fault.substring(3))) {
            throw new IllegalStateException("worn out");
        }
        if (fault.startsWith("after ") && calls.incrementAndGet() > Long.parseLong(fault.substring(6))) {
            throw new IllegalStateException("worn out");
        }
        if (fault.startsWith("spins after ") && calls.incrementAndGet() > Long.parseLong(fault.substring(12))) {
            for (long i = 0; !gone; i++) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean wrong(long value) {
        return fault.startsWith("wrong from ") && value >= Long.parseLong(fault.substring(11));
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        misbehave();
        if (!(content.data() instanceof Number number)) {
            throw new CodecException("a meter carries a number");
        }
        long value = number.longValue();
        return Bytes.utf8(String.valueOf(wrong(value) ? value + 1 : value));
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        misbehave();
        try {
            long value = Long.parseLong(bytes.text());
            return Content.of(wrong(value) ? value - 1 : value);
        } catch (NumberFormatException e) {
            throw new CodecException("expected a whole number");
        }
    }
}
