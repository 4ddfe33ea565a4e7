# The commands of the project. Each first makes sure that what it needs is installed.
#
#   make run     build the server, run it for development, say how to talk to it
#   make test    build and run every test
#   make demo    play dialogues and mails; kill the server, an offline client and the mail channel
#   make try     run the development server and a short form of the benchmarks, in debug
#   make lint    check the format and what is generated
#   make docs    make the client library's documentation in .build/documentation
#   make format  put all hand-written Swift into the project's format
#   make simulate  run the client library and the desk through SEEDS and DESK_SEEDS random scripts
#   make bench   measure a release build
#   make bench-store  measure it on a store with a million requests, which takes some 8 GB
#   make abuse   abuse a release build as strangers may, and check what that costs the others
#   make soak    run tests under the address sanitizer, then all again and again for MINUTES
#   make clean   remove what was built and the development store

CONFIGURATION ?= release
MINUTES ?= 60
SEEDS ?= 1..5000
# Three minutes of two processors; a seed of the desk costs more than one of the client library.
DESK_SEEDS ?= 1..2500
KILLS ?= 30

.PHONY: help setup run build-tests test demo try lint docs format simulate bench bench-store
.PHONY: abuse soak clean

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@Scripts/setup.sh

run: setup
	@Scripts/run.sh $(CONFIGURATION)

build-tests: setup
	swift build --build-tests

# Most tests share one process and run at once. Those that hold a transport or a whole server to its
# times have the machine to themselves: beside hundreds of others they would measure the others.
ALONE = DocketTransportTests|IntegrationTests|LinkTests

test: build-tests
	SWIFT_BACKTRACE=enable=no swift test --skip-build --skip '$(ALONE)'
	SWIFT_BACKTRACE=enable=no swift test --skip-build --no-parallel --filter '$(ALONE)'

demo: setup
	Scripts/demo.sh

try: setup
	Scripts/try.sh

lint: setup
	Scripts/lint.sh

docs: build-tests
	/usr/bin/python3 Scripts/make_documentation.py

format:
	Scripts/format.sh

# Each seed is repeatable: what fails is printed with how to see it again.
simulate: setup
	swift build -c release --product docket-simulation
	swift build -c release --product docket-desk-simulation
	Scripts/simulate.sh .build/release/docket-simulation $(SEEDS)
	Scripts/simulate.sh .build/release/docket-desk-simulation $(DESK_SEEDS)
	.build/release/docket-desk-simulation kills --count $(KILLS)

bench: setup
	Scripts/bench.sh

bench-store: setup
	Scripts/bench_store.sh

abuse: setup
	swift build -c release --product docketd
	Scripts/abuse.py --docketd .build/release/docketd

soak: setup
	Scripts/soak.sh $(MINUTES)

clean:
	rm -rf .build .docket
