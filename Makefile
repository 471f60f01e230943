# SPDX-License-Identifier: MIT

SOURCES := Package.swift Sources Tests Examples $(wildcard Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Rivals)

.PHONY: help run test test-release bench rivals system-calls lint coverage-of-reference docs
.PHONY: sanitize sanitize-address sanitize-thread test-aarch64 ci libraries

help: ## Lists these targets.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-21s %s\n", $$1, $$2 }' Makefile

run: libraries ## Builds everything optimised and runs the tour of the library.
	swift build -c release
	swift run -c release --skip-build Tour

test: libraries ## Runs all tests.
	swift test

test-release: libraries ## Runs all tests against optimised code.
	swift test -c release -Xswiftc -enable-testing

bench: libraries rivals ## Runs all benchmarks, against the rivals that could be built.
	swift run -c release --package-path Benchmarks fibers-bench

rivals: ## Installs and builds what the benchmarks compare with. RIVALS="Go Tokio" names some.
	bash Benchmarks/Rivals/build $(RIVALS)

system-calls: libraries ## Counts what the echo server asks of the kernel, where there is strace.
	swift build -c release --package-path Benchmarks
	bash .ci/test-system-calls

lint: ## Checks the format of all Swift code.
	swift format lint --strict --recursive $(SOURCES)

coverage-of-reference: ## Lists the rows of the reference that no test observes.
	bash .ci/coverage-of-reference

docs: libraries ## Builds the documentation, and checks its links and its code.
	bash .ci/build-docs

sanitize: sanitize-address sanitize-thread ## Runs all tests under the sanitizers.

sanitize-address: libraries ## Runs all tests under the address sanitizer, leak detection included.
	bash .ci/test-sanitized address

sanitize-thread: libraries ## Runs all tests under the thread sanitizer.
	bash .ci/test-sanitized thread

test-aarch64: libraries ## Checks the assembly here and, emulated, on aarch64.
	bash .ci/test-assembly

ci: ## Runs what continuous integration runs.
	bash .ci/run

libraries: ## Installs libuv and OpenSSL where they are missing.
	@bash .ci/install-libraries
