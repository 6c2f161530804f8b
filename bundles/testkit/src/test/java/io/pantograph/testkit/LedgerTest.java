package io.pantograph.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LedgerTest {

    @Test
    void tellsLostRepeatedAndOutOfOrder() {
        Ledger ledger = new Ledger();
        for (int i = 0; i < 5; i++) {
            ledger.promised(i);
        }
        ledger.received(0);
        ledger.received(3);
        ledger.received(1); // behind 3
        ledger.received(3); // again, and no longer a matter of order
        ledger.received(4);
        assertEquals("5 promised, 4 received, 1 lost [2], 1 duplicated, 1 out of order", ledger.toString());
    }
}
