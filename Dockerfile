# Built from the jar: ./mvnw -DskipTests package && docker build -t omniroute-gateway .
FROM eclipse-temurin:25-jre AS layers
WORKDIR /build
COPY gateway-app/target/omniroute-gateway-app-*-exec.jar gateway.jar
RUN java -Djarmode=tools -jar gateway.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN groupadd --system omniroute && useradd --system --gid omniroute --home-dir /app omniroute
WORKDIR /app
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
ENV SPRING_PROFILES_ACTIVE=prod OMNIROUTE_HOST=0.0.0.0 PORT=20128
# The AOT cache: a run that ends as soon as the context is there records what is loaded and linked.
RUN OMNIROUTE_PROVIDERS_TRAINING_BASEURL=http://127.0.0.1:1 OMNIROUTE_PROVIDERS_TRAINING_FORMATS=openai-chat \
    OMNIROUTE_PROVIDERS_TRAINING_CONNECTIONS_MAIN_ENABLED=true REDIS_URL=redis://127.0.0.1:1 \
    OMNIROUTE_MASTER_KEY=$(head -c 32 /dev/urandom | base64) \
    java -XX:AOTCacheOutput=/app/gateway.aot -Dspring.context.exit=onRefresh --enable-native-access=ALL-UNNAMED -jar gateway.jar \
    && chown omniroute:omniroute /app/gateway.aot
USER omniroute
EXPOSE 20128
ENTRYPOINT ["java", "-XX:AOTCache=/app/gateway.aot", "-XX:MaxRAMPercentage=75", "--enable-native-access=ALL-UNNAMED", "-jar", "gateway.jar"]
