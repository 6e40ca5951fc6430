package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Several requests over one connection of a client. */
@GatewayTest
class KeepAliveTests {

    private static final int PATIENCE_MILLIS = 5_000;

    /** A request that has waited behind another one does not make the connection deaf for those after it. */
    @Test
    void answersEveryRequestOfAConnection(Gateway gateway) throws IOException {
        String key = gateway.key();
        String slow = Gateway.chatBody("a/slow-100ms", false);
        String post = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + slow.length() + "\r\n\r\n" + slow;
        String get = "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", URI.create(gateway.base()).getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (int round = 0; round < 5; round++) {
                send(socket, post + get);
                assertThat(status(answers)).contains("200");
                assertThat(status(answers)).contains("200");
                send(socket, get);
                assertThat(status(answers)).as("the one after them").contains("200");
            }
        }
    }

    private static void send(Socket socket, String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** Reads one answer whole. */
    private static String status(BufferedReader answers) throws IOException {
        String status = answers.readLine();
        int length = 0;
        for (String line = answers.readLine(); line != null && !line.isEmpty(); line = answers.readLine()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        for (int read = 0; read < length; read++) {
            answers.read();
        }
        return String.valueOf(status);
    }
}
