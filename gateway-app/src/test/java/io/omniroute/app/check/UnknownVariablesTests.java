package io.omniroute.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Variables of the environment that are meant as settings and are none. */
class UnknownVariablesTests {

    @ParameterizedTest
    @CsvSource({
        "OMNIROUTE_LIMITS_BODYY,true",
        "OMNIROUTE_LIMITS_BODY,false",
        "omniroute_limits_body,false",
        "OMNIROUTE_LIMITS_SSEEVENT,false",
        "OMNIROUTE_LIMITS_SSE_EVENT,false",
        "OMNIROUTE_REDIS_APIKEYS_MAXSTALENESS,false",
        "OMNIROUTE_REDIS_APIKEYS_STALENESS,true",
        "OMNIROUTE_CORS_ALLOWEDORIGINS_0,false",
        "OMNIROUTE_SHAPING_TASKS_MODELS_CODING,false",
        "OMNIROUTE_SHAPING_TASK_MODELS_CODING,true",
        "OMNIROUTE_AUTO_MODES_MINE_COST,false",
        "OMNIROUTE_PROVIDERS_MY_OWN_BASEURLL,false",
        "OMNIROUTE_MASTER_KEY,false",
        "OMNIROUTE_API_KEY,false",
        "OMNIROUTE_REDIS_SERVICE_HOST,false",
        "OMNIROUTE_REDIS_PORT,false",
        "OMNIROUTE_REDIS_PORT_6379_TCP_ADDR,false",
        "LIMITS_BODYY,false"
    })
    void areFound(String variable, boolean unknown) {
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(name, new SystemEnvironmentPropertySource(name, Map.of(variable, "CANARY")));
        assertThat(UnknownVariables.problems(environment, ConfigurationCheck.BLOCKS.read()))
                .hasSize(unknown ? 1 : 0)
                .allMatch(problem -> problem.contains(variable) && !problem.contains("CANARY"));
    }
}
