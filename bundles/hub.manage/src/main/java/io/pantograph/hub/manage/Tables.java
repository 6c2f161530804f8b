package io.pantograph.hub.manage;

import java.util.List;

/** What this room keeps. What belongs to a device goes with it. A published step is never changed; a new one is added. */
final class Tables {

    static final String ROOM = "manage";

    static final List<List<String>> STEPS = List.of(List.of(
            """
            CREATE TABLE manage_device (
              type VARCHAR(128) NOT NULL,
              name VARCHAR(128) NOT NULL,
              dormant BIGINT,
              heard BIGINT NOT NULL,
              supports TEXT NOT NULL,
              firmware TEXT NOT NULL,
              PRIMARY KEY (type, name),
              FOREIGN KEY (type, name) REFERENCES device(type, name) ON DELETE CASCADE)""",
            """
            CREATE TABLE manage_line (
              type VARCHAR(128) NOT NULL,
              name VARCHAR(128) NOT NULL,
              number BIGINT NOT NULL,
              id VARCHAR(36) NOT NULL,
              came BIGINT NOT NULL,
              time BIGINT NOT NULL,
              severity INTEGER NOT NULL,
              message TEXT NOT NULL,
              data TEXT NOT NULL,
              size BIGINT NOT NULL,
              PRIMARY KEY (type, name, number),
              FOREIGN KEY (type, name) REFERENCES device(type, name) ON DELETE CASCADE)""",
            """
            CREATE TABLE manage_fault (
              type VARCHAR(128) NOT NULL,
              name VARCHAR(128) NOT NULL,
              number BIGINT NOT NULL,
              code BIGINT NOT NULL,
              time BIGINT NOT NULL,
              PRIMARY KEY (type, name, number),
              FOREIGN KEY (type, name) REFERENCES device(type, name) ON DELETE CASCADE)""",
            """
            CREATE TABLE manage_request (
              id VARCHAR(36) NOT NULL PRIMARY KEY,
              action VARCHAR(520) NOT NULL,
              parameters TEXT NOT NULL,
              initiated BIGINT NOT NULL)""",
            "CREATE INDEX manage_request_initiated ON manage_request(initiated, id)",
            """
            CREATE TABLE manage_part (
              request VARCHAR(36) NOT NULL,
              type VARCHAR(128) NOT NULL,
              name VARCHAR(128) NOT NULL,
              step VARCHAR(16) NOT NULL,
              wire VARCHAR(36) NOT NULL,
              outcome INTEGER,
              message TEXT NOT NULL,
              due BIGINT NOT NULL,
              updated BIGINT NOT NULL,
              PRIMARY KEY (request, type, name),
              FOREIGN KEY (request) REFERENCES manage_request(id) ON DELETE CASCADE,
              FOREIGN KEY (type, name) REFERENCES device(type, name) ON DELETE CASCADE)""",
            "CREATE INDEX manage_part_device ON manage_part(type, name)",
            "CREATE INDEX manage_part_due ON manage_part(step, due)",
            """
            CREATE TABLE manage_bundle (
              id VARCHAR(255) NOT NULL PRIMARY KEY,
              body TEXT NOT NULL)"""));

    private Tables() {
    }
}
