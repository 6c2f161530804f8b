package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.DeviceId;

/** How messages go while a codec is on trial. */
interface Tryout {

    /** @return null if the route has moved on meanwhile and must be asked again */
    <I, O, R> R call(Route route, Generation now, Way<I, O> way, Shape<O, R> shape, DeviceId device, I input) throws CodecException;
}
