package io.omniroute.app.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is about to be replaced as a whole, so that nobody finds half of it: its new text is beside it already, so that of
 * several files all are replaced or none.
 */
final class FileRewrite implements AutoCloseable {

    private final Path file;
    private final Path fresh;

    private FileRewrite(Path file, Path fresh) {
        this.file = file;
        this.fresh = fresh;
    }

    /** The text of a file; empty where there is none. */
    static String read(Path file) {
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            throw new IllegalArgumentException("is a link to a file that is not there");
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("is a folder");
        }
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot be read: " + why(unreadable), unreadable);
        }
    }

    /**
     * Prepares the file; a new one where there is none.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    static FileRewrite of(Path file, String text) {
        String step = "cannot be made, for there is no folder for it: ";
        try {
            boolean isThere = Files.exists(file);
            if (!isThere) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            step = "cannot be written: ";
            Path real = isThere ? file.toRealPath() : file;
            if (isThere && !Files.isWritable(real)) {
                throw new AccessDeniedException(real.toString());
            }
            step = isThere ? "cannot be replaced, for nothing can be written in its folder: " : "cannot be made: ";
            FileRewrite rewrite = new FileRewrite(real, real.resolveSibling(real.getFileName() + ".omniroute"));
            rewrite.prepare(isThere, text);
            return rewrite;
        } catch (IOException failed) {
            throw new IllegalArgumentException(step + why(failed), failed);
        }
    }

    private void prepare(boolean isThere, String text) throws IOException {
        try {
            if (isThere) {
                Files.copy(file, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
            Files.writeString(fresh, text);
        } catch (IOException failed) {
            Files.deleteIfExists(fresh);
            throw failed;
        }
    }

    void commit() {
        try {
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new IllegalArgumentException("cannot be replaced: " + why(failed), failed);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException stays) {
            // beside the file, where the next time replaces it
        }
    }

    /** The messages of these exceptions are no sentences. */
    private static String why(IOException failed) {
        return switch (failed) {
            case AccessDeniedException denied -> "permission denied";
            case CharacterCodingException other -> "it is not UTF-8";
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileAlreadyExistsException there -> there.getFile() + " is no folder";
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> String.valueOf(failed.getMessage());
        };
    }
}
