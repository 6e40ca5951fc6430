package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.Leaky;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The detector that all other tests rely on does find a leak. */
class LeakDetectionTests {

    @Test
    void findsABufferThatIsLeakedOnPurpose() {
        JavaProcess leaky =
                JavaProcess.start(List.of("-Dio.netty.leakDetection.level=paranoid"), Leaky.class.getName(), Map.of());
        assertThat(leaky.awaitEnd()).as(leaky.output()).isZero();
        assertThat(leaky.output()).contains("found: ByteBuf");
    }
}
