package io.omniroute.app.check;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says where a configuration file cannot be read, and nothing of what is written there: it may be a secret. */
final class UnreadableYamlAnalyzer extends AbstractFailureAnalyzer<MarkedYAMLException> {

    private static final List<String> USUAL_PLACES =
            List.of("application.yml", "application.yaml", "config/application.yml", "config/application.yaml");

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MarkedYAMLException cause) {
        Mark mark = cause.getProblemMark();
        String place = mark == null ? "" : " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
        String file = USUAL_PLACES.stream()
                .map(Path::of)
                .filter(path -> failsThere(path, mark))
                .findFirst()
                .map(path -> "\"" + path + "\"")
                .orElse("a configuration file");
        return new FailureAnalysis(
                file + " is no YAML that can be read" + place + ": " + problem(cause),
                "Correct that line. Texts with special characters stand in quotation marks.",
                // the reader's own exception shows the line
                new IllegalStateException("unreadable YAML"));
    }

    /** The reader's words, without the name that some of them end with. */
    private static String problem(MarkedYAMLException cause) {
        return Optional.ofNullable(cause.getProblem())
                .orElse("it does not follow the rules")
                .replaceAll("[!*&][^ ;,]+", "...")
                .replaceAll("(alias|anchor|tag|key|prefix|handle) .*", "$1");
    }

    private static boolean failsThere(Path path, @org.jspecify.annotations.Nullable Mark mark) {
        if (!Files.isReadable(path)) {
            return false;
        }
        try (Reader reader = Files.newBufferedReader(path)) {
            new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(reader).forEach(document -> {});
            return false;
        } catch (MarkedYAMLException failed) {
            Mark other = failed.getProblemMark();
            return mark != null && other != null && other.getLine() == mark.getLine();
        } catch (IOException | RuntimeException unreadable) {
            return false;
        }
    }
}
