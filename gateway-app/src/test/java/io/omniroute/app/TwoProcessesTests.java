package io.omniroute.app;

import io.omniroute.app.support.TestRedis;
import io.omniroute.config.KeySecret;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two processes on one Redis act as one; what they do while something dies is {@link ChaosTests}' matter. */
@ExtendWith(SandboxExtension.class)
class TwoProcessesTests {

    private static ChaosTests.Fleet fleet;

    @BeforeAll
    static void start(Sandbox sandbox) {
        fleet = new ChaosTests.Fleet(2, TestRedis.url(), sandbox, sandbox, KeySecret.generate(new SecureRandom()));
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void shareTheirTurns(Sandbox sandbox) throws Exception {
        ChaosTests.sharesTurns(fleet, sandbox);
    }

    @Test
    void shareWhatTheyKnowOfLimits(Sandbox sandbox) throws Exception {
        ChaosTests.sharesCooldowns(fleet, sandbox);
    }

    @Test
    void shareTheirBreakers(Sandbox sandbox) throws Exception {
        ChaosTests.sharesBreakers(fleet, sandbox);
    }

    @Test
    void shareTheirSessions() {
        ChaosTests.sharesSessions(fleet);
    }

    @Test
    void keepThePacesOfAccountsTogether(Sandbox sandbox) throws Exception {
        ChaosTests.keepsPaces(fleet, sandbox);
    }
}
