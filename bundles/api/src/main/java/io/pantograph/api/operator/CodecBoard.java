package io.pantograph.api.operator;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** How each codec does. From any thread; cheap enough to be asked every second. */
@ProviderType
public interface CodecBoard {

    /** By format, the serving one first. */
    List<CodecStatus> codecs();
}
