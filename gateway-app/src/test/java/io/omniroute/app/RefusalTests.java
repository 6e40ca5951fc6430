package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A call that is refused before its body was read leaves the connection good for the next one. */
@GatewayTest
class RefusalTests {

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions,401", "/v1/nothing,404", "/v1/models,405"})
    void keepsTheConnection(String path, int status, Gateway gateway) throws IOException {
        URI base = URI.create(gateway.base());
        byte[] body = Gateway.chatBody("a/chat", false).getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer nobody\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int connection = 0; connection < 20; connection++) {
            try (Socket client = new Socket(base.getHost(), base.getPort())) {
                client.setTcpNoDelay(true);
                client.setSoTimeout(5_000);
                OutputStream out = client.getOutputStream();
                InputStream in = new BufferedInputStream(client.getInputStream());
                for (int call = 0; call < 30; call++) {
                    out.write(head);
                    out.flush();
                    out.write(body);
                    out.flush();
                    assertThat(read(in)).as("call %s", call).isIn(status, 429);
                }
            }
        }
    }

    /** Reads one response and gives its status. */
    private static int read(InputStream in) throws IOException {
        String statusLine = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        assertThat(in.readNBytes(length)).hasSize(length);
        return Integer.parseInt(statusLine.split(" ")[1]);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed after \"" + line + "\"");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
