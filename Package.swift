// swift-tools-version: 6.2
import PackageDescription

/// The switches every hand-written target is built with: language mode 6, warnings are errors,
/// unsafe expressions are marked, and the upcoming features of the next mode are on.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// Code made by protoc: only the language mode, since its style is the generator's.
let generated: [SwiftSetting] = [.swiftLanguageMode(.v6)]

/// Tests are built like the code they test, without the marks for unsafe expressions.
let testing: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

let package = Package(
    name: "docket",
    products: [
        .library(name: "DocketClient", targets: ["DocketClient"]),
        .library(name: "DocketTesting", targets: ["DocketTesting"]),
        .executable(name: "docketd", targets: ["docketd"]),
        .executable(name: "docket", targets: ["docket"]),
        .executable(name: "docket-chat", targets: ["docket-chat"]),
        .executable(name: "docket-ticket-push", targets: ["docket-ticket-push"]),
        .executable(name: "docket-channel-bridge", targets: ["docket-channel-bridge"]),
        .executable(name: "docket-load", targets: ["docket-load"]),
        .executable(name: "docket-fill", targets: ["docket-fill"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // The contract.
        .target(name: "DocketMessages", dependencies: [protobuf], swiftSettings: generated),
        .target(
            name: "DocketWire",
            dependencies: ["DocketMessages", nio, protobuf],
            swiftSettings: house
        ),
        .target(
            name: "DocketRPC",
            dependencies: ["DocketMessages", protobuf, metrics, coreMetrics, logging],
            swiftSettings: house
        ),
        .target(
            name: "DocketCalls",
            dependencies: ["DocketRPC", "DocketMessages", protobuf],
            swiftSettings: house
        ),
        .executableTarget(
            name: "protoc-gen-docket",
            dependencies: [
                "DocketMessages", protobuf,
                .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf"),
            ],
            swiftSettings: house
        ),

        // The transport.
        .target(
            name: "COpenSSL",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]
        ),
        .target(name: "DocketCrypto", dependencies: ["COpenSSL"], swiftSettings: house),
        .target(
            name: "DocketTLS",
            dependencies: ["DocketCrypto", "COpenSSL"],
            swiftSettings: house
        ),
        .target(
            name: "DocketTransport",
            dependencies: [
                "DocketRPC", "DocketWire", "DocketTLS", "DocketCrypto", nio, nioPosix, logging,
            ],
            swiftSettings: house
        ),

        // The desk.
        .target(name: "DocketDomain", swiftSettings: house),
        .target(
            name: "DocketPolicy",
            dependencies: ["DocketDomain", yams],
            resources: [.embedInCode("Presets")],
            swiftSettings: house
        ),
        .target(
            name: "DocketStore",
            dependencies: ["DocketDomain", "DocketMessages", protobuf],
            swiftSettings: house
        ),
        .target(
            name: "DocketStoreSQLite",
            dependencies: ["DocketStore", "DocketDomain", grdb, sqlite],
            swiftSettings: house
        ),
        .target(
            name: "DocketDesk",
            dependencies: ["DocketStore", "DocketDomain", "DocketMessages", protobuf, logging],
            swiftSettings: house
        ),
        .target(
            name: "DocketServices",
            dependencies: [
                "DocketDesk", "DocketDomain", "DocketStore", "DocketCalls", "DocketRPC",
                "DocketMessages", "DocketCrypto", "DocketPolicy", protobuf,
            ],
            swiftSettings: house
        ),

        // The client.
        .target(
            name: "DocketClient",
            dependencies: [
                "DocketCalls", "DocketTransport", "DocketMessages", "DocketRPC", "DocketTLS",
                "DocketCrypto", "DocketWire", nioPosix, protobuf, grdb, logging,
            ],
            path: "ClientSDK/Sources",
            swiftSettings: house
        ),
        .target(
            name: "DocketTesting",
            dependencies: [
                "DocketClient", "DocketCalls", "DocketMessages", "DocketRPC", protobuf,
            ],
            path: "ClientSDK/Testing",
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // What people run.
        .target(name: "DocketTerminal", swiftSettings: house),
        .target(
            name: "DocketCommandLine",
            dependencies: ["DocketTerminal", "DocketTransport", "DocketRPC", arguments],
            swiftSettings: house
        ),
        .target(
            name: "DocketConsole",
            dependencies: ["DocketClient", "DocketCommandLine", "DocketTerminal", arguments],
            swiftSettings: house
        ),
        .executableTarget(
            name: "docketd",
            dependencies: [
                "DocketServices", "DocketTransport", "DocketStoreSQLite", "DocketPolicy",
                "DocketCalls", "DocketDesk", "DocketDomain", "DocketStore", "DocketRPC",
                "DocketMessages", "DocketTLS", "DocketCrypto", "DocketWire", "DocketCommandLine",
                "DocketTerminal", nio, nioPosix, yams, protobuf, logging, arguments,
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "docket",
            dependencies: [
                "DocketClient", "DocketConsole", "DocketCommandLine", "DocketTerminal",
                "DocketPolicy", "DocketDomain", arguments,
            ],
            swiftSettings: house
        ),
        // What `make run` builds, at one go.
        .target(
            name: "Programs",
            dependencies: ["docketd", "docket", "docket-chat"],
            swiftSettings: house
        ),
        // An example compiles as somebody else's program would.
        .executableTarget(
            name: "docket-chat",
            dependencies: [
                "DocketClient", "DocketConsole", "DocketCommandLine", "DocketTerminal", arguments,
                logging,
            ],
            path: "Examples/chat",
            packageAccess: false,
            swiftSettings: house
        ),
        .target(
            name: "CMail",
            dependencies: ["CGMime"],
            path: "Examples/channel-bridge/CMail",
            linkerSettings: [.linkedLibrary("curl")]
        ),
        .executableTarget(
            name: "docket-channel-bridge",
            dependencies: [
                "CMail", "DocketClient", "DocketConsole", "DocketCommandLine", "DocketTerminal",
                arguments,
            ],
            path: "Examples/channel-bridge/Bridge",
            packageAccess: false,
            swiftSettings: house
        ),
        .systemLibrary(
            name: "CGMime",
            path: "Examples/channel-bridge/CGMime",
            pkgConfig: "gmime-3.0",
            providers: [.apt(["libgmime-3.0-dev"])]
        ),
        .executableTarget(
            name: "docket-ticket-push",
            dependencies: [
                "DocketClient", "DocketConsole", "DocketCommandLine", "DocketTerminal", arguments,
            ],
            path: "Examples/ticket-push",
            exclude: ["sample.csv"],
            packageAccess: false,
            swiftSettings: house
        ),
        .executableTarget(
            name: "docket-demo",
            dependencies: ["DocketClient", "DocketTerminal", arguments],
            path: "Examples/demo",
            packageAccess: false,
            swiftSettings: house
        ),
        .executableTarget(
            name: "docket-load",
            dependencies: [
                "DocketClient", "DocketCalls", "DocketTransport", "DocketMessages", "DocketRPC",
                "DocketTLS", "DocketWire", "DocketCrypto", "DocketCommandLine", "DocketTerminal",
                nio, nioPosix, protobuf, arguments,
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "docket-fill",
            dependencies: [
                "DocketDesk", "DocketStoreSQLite", "DocketPolicy", "DocketStore", "DocketDomain",
                "DocketServices", "DocketRPC", "DocketCommandLine", "DocketTerminal", logging,
                arguments,
            ],
            swiftSettings: house
        ),

        // Tests.
        .target(
            name: "DocketTestSupport",
            dependencies: ["DocketRPC", "DocketCrypto", protobuf],
            path: "Tests/Support",
            exclude: ["Desk", "CAllocationCounter", "Simulation"],
            swiftSettings: testing
        ),
        .target(name: "CAllocationCounter", path: "Tests/Support/CAllocationCounter"),
        .target(
            name: "DeskSupport",
            dependencies: [
                "DocketDomain", "DocketPolicy", "DocketStore", "DocketStoreSQLite", "DocketDesk",
                "SimulationSupport", logging,
            ],
            path: "Tests/Support/Desk",
            swiftSettings: testing
        ),
        .target(
            name: "SimulationSupport",
            dependencies: [arguments],
            path: "Tests/Support/Simulation",
            swiftSettings: testing
        ),
        .executableTarget(
            name: "docket-crash",
            dependencies: ["DocketClient"],
            path: "Tests/CrashProgram",
            swiftSettings: testing
        ),
        .executableTarget(
            name: "docket-simulation",
            dependencies: ["DocketClient", "DocketTesting", "SimulationSupport", arguments],
            path: "Tests/Simulation",
            swiftSettings: testing
        ),
        .executableTarget(
            name: "docket-desk-simulation",
            dependencies: [
                "DeskSupport", "SimulationSupport", "DocketDesk", "DocketDomain", "DocketStore",
                "DocketStoreSQLite", arguments,
            ],
            path: "Tests/DeskSimulation",
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketWireTests",
            dependencies: [
                "DocketWire", "DocketMessages", "DocketTestSupport", nio, protobuf,
            ],
            exclude: ["Golden"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketCryptoTests",
            dependencies: ["DocketCrypto", "DocketTestSupport"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketTLSTests",
            dependencies: ["DocketTLS", "DocketCrypto", "DocketTestSupport", "COpenSSL"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketTransportTests",
            dependencies: [
                "DocketTransport", "DocketWire", "DocketTLS", "DocketCrypto", "DocketRPC",
                "DocketMessages", "DocketTestSupport", "CAllocationCounter", nio, nioPosix,
                nioEmbedded, protobuf, logging,
                .product(name: "InMemoryLogging", package: "swift-log"),
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketRPCTests",
            dependencies: [
                "DocketRPC", "DocketCalls", "DocketMessages", "DocketTestSupport", protobuf,
                logging, .product(name: "InMemoryLogging", package: "swift-log"), coreMetrics,
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "ProtocGenDocketTests",
            dependencies: [
                "protoc-gen-docket", "DocketMessages", protobuf,
                .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf"),
            ],
            exclude: ["Golden"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketDomainTests",
            dependencies: ["DocketDomain", "DocketPolicy", "DocketTestSupport"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketPolicyTests",
            dependencies: ["DocketPolicy", "DocketDomain", "DocketTestSupport"],
            exclude: ["Golden"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketStoreTests",
            dependencies: [
                "DeskSupport", "DocketTestSupport", "DocketStore", "DocketStoreSQLite",
                "DocketDomain", "DocketPolicy", "DocketMessages", protobuf,
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketStoreSQLiteTests",
            dependencies: [
                "DeskSupport", "DocketStore", "DocketStoreSQLite", "DocketDesk", "DocketDomain",
                grdb,
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketDeskTests",
            dependencies: [
                "DeskSupport", "SimulationSupport", "DocketStore", "DocketStoreSQLite",
                "DocketDesk", "DocketDomain", "DocketPolicy", "DocketMessages", protobuf, logging,
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketServicesTests",
            dependencies: [
                "DocketServices", "DeskSupport", "DocketTestSupport", "DocketDesk",
                "DocketDomain", "DocketPolicy", "DocketStore", "DocketStoreSQLite",
                "DocketCalls", "DocketRPC", "DocketMessages", "DocketCrypto", protobuf, logging,
            ],
            exclude: ["Visibility/Golden"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketTerminalTests",
            dependencies: ["DocketTerminal"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketClientTests",
            dependencies: [
                "DocketClient", "DocketTesting", "DocketCalls", "DocketMessages", "DocketRPC",
                "DocketTransport", "DocketCrypto", "DocketTestSupport", nio, nioPosix, protobuf,
                grdb, logging, .product(name: "InMemoryLogging", package: "swift-log"),
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketTestingTests",
            dependencies: [
                "DocketTesting", "DocketClient", "DocketServices", "DeskSupport",
                "DocketTestSupport", "DocketDesk", "DocketDomain", "DocketPolicy", "DocketStore",
                "DocketCalls", "DocketRPC", "DocketMessages", "DocketCrypto", protobuf, logging,
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketCommandLineTests",
            dependencies: ["DocketCommandLine", "DocketTerminal", arguments],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketConsoleTests",
            dependencies: [
                "DocketConsole", "DocketCommandLine", "DocketClient", "DocketTerminal",
                "DocketMessages", "DocketTestSupport", protobuf, arguments,
            ],
            exclude: ["Golden"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketdTests",
            dependencies: ["docketd", arguments, logging],
            swiftSettings: testing
        ),
        .testTarget(
            name: "ChannelBridgeTests",
            dependencies: [
                "docket-channel-bridge", "DocketClient", "DocketCommandLine", "DocketRPC",
                "DocketTerminal", "DocketTestSupport",
            ],
            exclude: ["Golden", "Samples"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "docket", "docket-chat", "docket-ticket-push", "docket-channel-bridge", "docketd",
                "docket-load", "docket-fill", "DocketDomain", "DocketPolicy", "DocketConsole",
                "DocketCommandLine", "DocketTerminal", "DocketClient", "DocketRPC", arguments,
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "TicketPushTests",
            dependencies: [
                "docket-ticket-push", "DocketClient", "DocketCommandLine", "DocketTerminal",
                "DocketTestSupport",
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "DocketFillTests",
            dependencies: [
                "docket-fill", "DeskSupport", "DocketDesk", "DocketStore", "DocketDomain",
                "DocketPolicy",
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "DocketTransport", "DocketCalls", "DocketRPC", "DocketMessages", "DocketTLS",
                "DocketCrypto", "DocketClient", "DocketTesting", "DocketTestSupport", nioPosix,
                protobuf,
            ],
            exclude: ["Faults", "Screens/Golden"],
            swiftSettings: testing
        ),
        .testTarget(name: "TidyTests", swiftSettings: testing),
    ]
)
