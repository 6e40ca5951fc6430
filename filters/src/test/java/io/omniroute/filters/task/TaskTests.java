package io.omniroute.filters.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.translators.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls are about, and what is good at it. */
class TaskTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Please refactor this function and fix the bug | coding",
                "Por favor, refatorar esta função e compilar | coding",
                "请帮我调试这段代码 | coding",
                "Necesito una prueba unitaria para esta función | coding",
                "ساعدني في تصحيح الأخطاء في هذه دالة | coding",
                "Prove the theorem step by step | reasoning",
                "请逐步证明这个定理 | reasoning",
                "Demuestra el teorema paso a paso | reasoning",
                "اكتب قصة قصيرة | chat",
                "Escreva um poema | chat",
                "Write a program that sorts a list | coding",
                "Please fix the bugs in these functions | coding",
                "Escreva um programa que ordena uma lista | coding",
                "Escribe un programa que ordene una lista | coding",
                "请写一个程序来排序 | coding",
                "اكتب برنامجا يرتب قائمة | coding",
                "The classroom is next to the bugle | ''",
                "用Python写一个爬虫 | coding",
                "帮我修复这个bug | coding",
                "写一个SQL查询 | coding",
                "اكتب كود بلغة بايثون | coding",
                "corrige esta funcion | coding",
                "Corrija esta funcao | coding",
                "Corrija esta fu\u006e\u0063\u0327\u0061\u0303o | coding",
            })
    void knowsWhatACallIsAbout(String text, String task) {
        assertThat(new TaskDetection().of(text)).isEqualTo(task);
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"prove a theorem\"},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}],"
                + "\"tools\":[{\"description\":\"code function class bug\"}]}";
        assertThat(new TaskDetection().of(body.getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT))
                .isEqualTo(task);
    }

    @Test
    void knowsHowGoodModelsAre() {
        TaskFit fit = new TaskFit();
        assertThat(fit.of("coding", "anthropic/claude-opus-4-5").orElse(0)).isGreaterThan(0.9);
        assertThat(fit.of("coding", "gpt-5.1-mini").orElse(0))
                .isLessThan(fit.of("coding", "gpt-5.1").orElse(0));
        assertThat(fit.of("coding", "never-heard-of")).isEmpty();
        assertThat(fit.of("fast", "gemini-3-pro").orElse(1))
                .isLessThan(fit.of("fast", "gemini-3-flash").orElse(0));
        assertThat(fit.of("fast", "gpt-5.1-mini").orElse(0)).isGreaterThan(0.8);
    }
}
