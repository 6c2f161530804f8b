package io.pantograph.gateway.rest;

import com.sun.net.httpserver.Headers;
import io.pantograph.api.model.Names;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;

/** Who may come in: who names this machine, which a web page under a name of its own does not, and knows the token. */
final class Guard {

    private static final Pattern HERE = Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

    private final byte[] expected;

    Guard(String token) {
        expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    void check(Headers headers) throws Problem {
        List<String> hosts = headers.get("Host");
        if (hosts == null || hosts.size() != 1 || !HERE.matcher(hosts.get(0)).matches()) {
            String said = hosts == null ? "is missing" : "is '" + Names.visible(String.join(", ", hosts)) + '\'';
            throw new Problem(400, "the header Host must be 127.0.0.1 with the port, it " + said);
        }
        List<String> proofs = headers.get("Authorization");
        byte[] given = proofs == null || proofs.size() != 1 ? new byte[0] : proofs.get(0).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, given)) {
            throw new Problem(401, "the header Authorization must be 'Bearer' and the token that stands in gateway/rest.properties of the data folder");
        }
    }
}
