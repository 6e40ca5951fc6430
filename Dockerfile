# Built from the jar: ./mvnw -DskipTests package && docker build -t omniroute-gateway .
FROM eclipse-temurin:25-jre AS layers
WORKDIR /build
COPY gateway-app/target/omniroute-gateway-app-*-exec.jar gateway.jar
RUN java -Djarmode=tools -jar gateway.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 omniroute && useradd --system --uid 10001 --gid omniroute --home-dir /app omniroute
WORKDIR /app
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
ENV SPRING_PROFILES_ACTIVE=prod OMNIROUTE_HOST=0.0.0.0 PORT=20128
# The AOT cache: a run with calls in every format records what is loaded, linked and worth compiling.
COPY bin/aot-cache /tmp/aot-cache
RUN bash /tmp/aot-cache gateway.jar /app/gateway.aot && chown omniroute:omniroute /app/gateway.aot && rm /tmp/aot-cache
# By number, which orchestrators want to know that it is not root.
USER 10001:10001
EXPOSE 20128
ENTRYPOINT ["java", "-XX:AOTCache=/app/gateway.aot", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-jar", "gateway.jar"]
