package io.omniroute.app.local;

import io.omniroute.redis.secret.MasterKeys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The master key of the default profile, {@code master-key} in the data directory: made once, readable by its owner only. */
final class MasterKeyFile {

    private MasterKeyFile() {}

    /** The key; two instances that start at the same time have the same one. */
    static String read(Path dataDir) {
        try {
            Path folder = Files.createDirectories(dataDir).toRealPath();
            Path file = folder.resolve("master-key");
            if (!Files.exists(file)) {
                Path made =
                        folder.resolve("master-key." + ProcessHandle.current().pid());
                PrivateFiles.write(made, List.of(MasterKeys.generate()));
                try {
                    Files.createLink(file, made);
                } catch (FileAlreadyExistsException another) {
                    // made by another instance a moment ago
                } finally {
                    Files.delete(made);
                }
            }
            return Files.readString(file).strip();
        } catch (IOException failed) {
            throw new UnusableFolder("the master key cannot be kept in " + dataDir, failed);
        }
    }
}
