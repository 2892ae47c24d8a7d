# What operators type; each is a line of npm's scripts or of compose. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help dev-setup run test test-ci build proto proto-gen migrate-up migrate-status migrate-create docker-build docker-dev docker-down grpc-up grpc-logs

help: ## lists these
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev-setup: ## installs what is needed, and makes .env with secrets of its own where there is none
	node tools/install.mjs
	test -e .env || npm run --silent secrets

run: ## the whole platform in one process (npm start)
	npm start

test: ## every test, on real Kafka, Redis and PostgreSQL
	npm test

test-ci: ## all that CI runs
	npm run test:ci

build: ## checks types and import rules: Node runs the sources as they are, so there is nothing to build
	npm run --silent typecheck
	npm run --silent boundaries

proto: ## checks that the types made from proto/ are current
	npm run --silent generate -- --check

proto-gen: ## makes the types from proto/
	npm run --silent generate

migrate-up: ## applies migrations to the database that DATABASE_URL names
	npm run --silent migrate

migrate-status: ## shows which migrations that database has
	npm run --silent migrate -- status

migrate-create: ## begins a migration: make migrate-create NAME=add-something
	npm run --silent migrate -- create $(or $(NAME),$(error NAME is missing: make migrate-create NAME=add-something))

docker-build: ## the image
	docker build -t hookline:0.1.0 .

docker-dev: ## everything by compose, the extras too
	test -e .env || npm run --silent secrets
	COMPOSE_PROFILES=extras docker compose up --build

docker-down: ## stops what docker-dev started, and keeps its data
	COMPOSE_PROFILES=extras docker compose down

# The gateway brings ingestion and observability along.
GRPC_SERVICES := gateway registry dispatcher retry-manager

grpc-up: ## what answers gRPC and sends what is pushed there, by compose in the background
	test -e .env || npm run --silent secrets
	docker compose up --build --detach --wait $(GRPC_SERVICES)

grpc-logs: ## what these say
	docker compose logs --follow $(GRPC_SERVICES)
