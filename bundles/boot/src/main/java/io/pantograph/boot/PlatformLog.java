package io.pantograph.boot;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the platform says of itself, such as a component that could not be started, into the same log as all else.
 * What was said before this listened is told first.
 */
@Component(immediate = true, service = {})
public final class PlatformLog {

    private final LogListener listener = PlatformLog::tell;

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addReader(LogReaderService reader) {
        List<LogEntry> earlier = new ArrayList<>(Collections.list(reader.getLog()));
        reader.addLogListener(listener);
        Collections.reverse(earlier); // it has the newest first
        earlier.forEach(PlatformLog::tell);
    }

    void removeReader(LogReaderService reader) {
        reader.removeLogListener(listener);
    }

    private static void tell(LogEntry entry) {
        // Every bundle and service that comes is told under these names; that is for those who look for it.
        boolean event = entry.getLoggerName().startsWith("Events.") && entry.getException() == null;
        Logger logger = LoggerFactory.getLogger(event ? entry.getLoggerName() : entry.getBundle().getSymbolicName());
        switch (event ? LogLevel.DEBUG : entry.getLogLevel()) {
            case ERROR, AUDIT -> logger.error(entry.getMessage(), entry.getException());
            case WARN -> logger.warn(entry.getMessage(), entry.getException());
            case INFO -> logger.info(entry.getMessage(), entry.getException());
            default -> logger.debug(entry.getMessage(), entry.getException());
        }
    }
}
