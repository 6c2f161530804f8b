package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;

/** One of the two things that a codec does. */
@FunctionalInterface
interface Step<I, O> {

    Step<Content, Bytes> ENCODE = Codec::encode;
    Step<Bytes, Content> DECODE = Codec::decode;

    O apply(Codec codec, I input) throws CodecException;
}
