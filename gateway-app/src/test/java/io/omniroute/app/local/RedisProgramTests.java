package io.omniroute.app.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisProgramTests {

    @TempDir
    private Path system;

    @TempDir
    private Path data;

    private Path folder;

    @BeforeEach
    void resolve() throws IOException {
        folder = data.toRealPath();
    }

    @Test
    void bringsOneThatRuns() throws IOException {
        assertThat(RedisProgram.in(folder)).hasParentRaw(folder).isExecutable();
    }

    /** What comes along may need a library that is not there. */
    @Test
    void takesTheNextWhereOneDoesNotRun() throws IOException {
        Path broken = program("redis-server-broken", "echo 'cannot open libssl.so.3'; exit 127");
        Path old = program("redis-server-old", "echo 'Redis server v=6.0.16 sha=00000000:0'");
        Path good = program("valkey-server", "echo 'Valkey server v=8.1.0 sha=00000000:0'");
        Path found = RedisProgram.in(
                folder,
                List.of(
                        () -> broken,
                        () -> {
                            throw new IllegalArgumentException("no such system");
                        },
                        () -> old,
                        () -> good));
        assertThat(found).isEqualTo(folder.resolve("valkey-server"));
        assertThat(Files.list(folder)).containsExactly(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo 'cannot open libssl.so.3'; exit 127", "echo 'Redis server v=5.0.14 sha=0'", "exit 3"})
    void saysWhyNoneRuns(String script) throws IOException {
        Path program = program("redis-server-here", script);
        String why =
                script.contains("libssl") ? "cannot open libssl.so.3" : script.contains("v=5") ? "older than 6.2" : "3";
        assertThatThrownBy(() -> RedisProgram.in(folder, List.of(() -> program)))
                .isInstanceOf(NoRedisProgram.class)
                .hasMessageContaining("redis-server-here does not run here: ")
                .hasMessageContaining(why);
        assertThat(folder).isEmptyDirectory();
    }

    private Path program(String name, String script) throws IOException {
        Path file = Files.writeString(system.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
