# syntax=docker/dockerfile:1
# One image for all six services and for the tools beside them: the command says which.
#   docker build -t hookline:0.1.0 .
#   docker run ... hookline:0.1.0 services/dispatcher/src/main.ts

FROM node:26.10.0-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN sh deploy/image/build.sh /source /app

FROM node:26.10.0-bookworm-slim
WORKDIR /app
COPY --from=build /app /app
# Written nowhere: the root may be read-only. Nothing is kept below /app.
ENV NODE_ENV=production \
    HOOKLINE_HOST=0.0.0.0 \
    HEALTH_PORT=8080
USER 1000:1000
EXPOSE 8080 8081 8082 8083 8084 8085 9081 50051
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "deploy/image/check-health.ts"]
# Node is process 1, so SIGTERM reaches it; a service closes within hookline.grace_period (25 s): give it 10 s more.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node"]
CMD ["services/gateway/src/main.ts"]
