package io.omniroute.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.omniroute.redis.RedisConfigAutoConfiguration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may import whom; the sentences say why. Maven forbids the edges between modules, these rules the rest. */
class ArchitectureTests {

    /** What calls go in by, what explains them, and the one check of keys. */
    private static final Set<String> DOORS = Set.of("CallClient", "CallAnswer", "RouteExplainer", "KeyCheck", "Caller");

    /** What orders what can be tried for a call. */
    private static final Set<String> CHOICE = Set.of("Choosing", "TargetChooser", "TargetOrder", "AttemptPlan");

    /** Every package directly below that of a module, with all that is below it, and that of the module itself. */
    private static final SliceAssignment FEATURES = new SliceAssignment() {
        private final Pattern feature = Pattern.compile("(io\\.omniroute\\.\\w+(\\.\\w+)?).*");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            Matcher found = feature.matcher(type.getPackageName());
            return found.matches() ? SliceIdentifier.of(found.group(1)) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of modules";
        }
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.omniroute");

    @Test
    void formatsKnowNoFrameworkAndNoSibling() {
        noClasses()
                .that()
                .resideInAPackage("io.omniroute.translators..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "reactor..",
                        "io.netty..",
                        "io.lettuce..",
                        "io.omniroute.config..",
                        "io.omniroute.redis..",
                        "io.omniroute.filters..",
                        "io.omniroute.predicates..")
                .because("the language is plain Java, so that it can be tested, fuzzed and used without a gateway")
                .check(CLASSES);
    }

    @Test
    void formatsDoNotKnowEachOther() {
        SlicesRuleDefinition.slices()
                .matching("io.omniroute.translators.format.(*)..")
                .should()
                .notDependOnEachOther()
                .because("formats meet only in the hub")
                .check(CLASSES);
    }

    @Test
    void storesKnowNeitherTheGatewayNorTheFormats() {
        noClasses()
                .that()
                .resideInAnyPackage("io.omniroute.config..", "io.omniroute.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.cloud.gateway..", "io.omniroute.translators..", "io.omniroute.filters..")
                .because("what is configured and remembered outlives how it is asked for")
                .check(CLASSES);
    }

    @Test
    void configurationDoesNotKnowRedis() {
        noClasses()
                .that()
                .resideInAPackage("io.omniroute.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.omniroute.redis..", "org.springframework.data..", "io.lettuce..")
                .because("a catalog is a value")
                .check(CLASSES);
    }

    @Test
    void predicatesDoNotKnowStages() {
        noClasses()
                .that()
                .resideInAPackage("io.omniroute.predicates..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.omniroute.filters..", "io.omniroute.config..", "io.omniroute.redis..")
                .because("a predicate says what a request is, not what becomes of it")
                .check(CLASSES);
    }

    @Test
    void stagesDoNotKnowPredicatesOrTheManagementSide() {
        noClasses()
                .that()
                .resideInAPackage("io.omniroute.filters..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.omniroute.predicates..", "io.omniroute.admin..", "io.omniroute.app..")
                .because("the filters work in any Spring Cloud Gateway application")
                .check(CLASSES);
    }

    @Test
    void theManagementSideCallsTheGatewayOnlyThroughItsDoor() {
        noClasses()
                .that()
                .resideInAPackage("io.omniroute.admin..")
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("stages but the door") {
                    @Override
                    public boolean test(JavaClass type) {
                        JavaClass outermost = type.getEnclosingClass().orElse(type);
                        return type.getPackageName().startsWith("io.omniroute.filters")
                                && !DOORS.contains(outermost.getSimpleName());
                    }
                })
                .because("there is one way in")
                .check(CLASSES);
    }

    @Test
    void whatIsSentAndWhatIsExplainedIsChosenInOnePlace() {
        noClasses()
                .that()
                .resideInAPackage("io.omniroute.filters..")
                .and(new DescribedPredicate<JavaClass>("are not the choice itself") {
                    @Override
                    public boolean test(JavaClass type) {
                        JavaClass outermost = type.getEnclosingClass().orElse(type);
                        return !CHOICE.contains(outermost.getSimpleName());
                    }
                })
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.omniroute\\.filters\\.combo\\.(TargetOrder|AttemptPlan)")
                .because("a step that only one of them takes makes explanations wrong: it belongs into Choosing")
                .check(CLASSES);
    }

    @Test
    void nobodyImportsTheApplication() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.omniroute.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.omniroute.app..")
                .because("the application is assembly, not policy")
                .check(CLASSES);
    }

    @Test
    void theSandboxStandsAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.omniroute.sandbox..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.omniroute.translators..",
                        "io.omniroute.config..",
                        "io.omniroute.redis..",
                        "io.omniroute.filters..",
                        "org.springframework..")
                .because("a provider that shared our code would share our mistakes")
                .check(CLASSES);
    }

    @Test
    void packagesOfAModuleGoInNoCircle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(FEATURES)
                .should()
                .beFreeOfCycles()
                // it makes the beans of all stores, and of what only the package has that they all use: elsewhere, that
                // would have to be public
                .ignoreDependency(
                        JavaClass.Predicates.equivalentTo(RedisConfigAutoConfiguration.class),
                        DescribedPredicate.alwaysTrue())
                .because("what needs each other is one package, or a third one has what both need")
                .check(CLASSES);
    }

    @Test
    void noAttic() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Processor")
                .because("such a name says nothing: put the method on the type that it is about")
                .check(CLASSES);
    }
}
