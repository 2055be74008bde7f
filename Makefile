# Two commands: `make demo` to see it, `make test` to test it. `make help` lists the rest.
.DEFAULT_GOAL := help
HOST := miniprogram/webhost
DEMO := var/demo

.PHONY: help demo demo-reset test check stories phone bench pictures clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

demo: ## build, seed and start everything on this machine; prints the address to open
	@.ci/install demo
	@npm --prefix $(HOST) run --silent pack:npm && npm --prefix $(HOST) run --silent build:web
	@cargo build --locked --quiet
	@node .ci/demo.mjs $(DEMO)

demo-reset: ## forget what the demo stored
	rm -rf $(DEMO)

test: ## install what is missing, then everything that CI runs
	@.ci/install test
	@$(MAKE) --no-print-directory check stories phone

check: ## format, lints, documentation
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet

stories: ## unit tests, architecture, every story on SQLite and on PostgreSQL with Redis
	cargo test --locked --workspace

phone: ## the mini-program: types, lint, unit tests, and the browser run (pictures in shots/)
	npm --prefix $(HOST) run --silent pack:npm
	npm --prefix $(HOST) run --silent typecheck
	npm --prefix $(HOST) run --silent lint
	cargo build --locked --quiet
	npm --prefix $(HOST) run --silent test:unit
	npm --prefix $(HOST) run --silent build:web
	node .ci/phone.mjs

bench: ## speed as ratios to the limit program in the same run; see docs/PERFORMANCE.md
	@.ci/install test
	tests/bench/run

clean: ## what was built; keeps the demo's data
	cargo clean --quiet
	rm -rf $(HOST)/dist shots
