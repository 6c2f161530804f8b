package io.pantograph.cli;

import io.pantograph.api.model.Values;
import java.time.Duration;
import java.util.List;

/** A way to a gateway's installer. Documents are those that all its doors take and give. What is refused is told as {@link Trouble}. */
interface Gate extends AutoCloseable {

    /** Brings a jar to where the gateway finds it. @return what the release says of it */
    Values bring(Jar jar) throws Exception;

    Values plan(Values release) throws Exception;

    /** Begins. @return the deployment */
    Values add(Values release) throws Exception;

    Values remove(String bundle) throws Exception;

    List<Values> bundles() throws Exception;

    List<Values> deployments() throws Exception;

    /** A deployment by its id; or of a bundle {@code {"bundle": ..., "deployments": [...]}}, either may be missing. */
    Values show(String what) throws Exception;

    /** How a deployment is when it is in another state than was seen, or after this time. */
    Values next(String id, String seen, Duration time) throws Exception;

    Values promote(String what) throws Exception;

    Values rollback(String what, String why) throws Exception;

    List<Values> codecs() throws Exception;

    /** @return {@code {"count": ..., "decoded": ..., "dropped": ..., "parked": [...]}} */
    Values parked(int most) throws Exception;

    /** @return {@code {"count": ..., "waiting": [...]}} */
    Values waiting(int most) throws Exception;

    @Override
    void close();
}
