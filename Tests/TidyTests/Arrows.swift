/// One part of the house and whom it may import.
struct Room: Sendable {
    /// The module.
    let name: String
    /// Where its sources lie.
    let folder: String
    /// The parts it may import, with everything that these may import of the house.
    let arrows: [String]
    /// The modules from outside the house that it may import; they are not handed on.
    let libraries: [String]
    /// Whether an arrow to a part that may import this one includes it.
    ///
    /// C stays behind those who
    /// draw an arrow to it themselves.
    let isHandedOn: Bool
    /// Whether an arrow to this part ends there, and includes nothing of what lies behind it.
    ///
    /// Whoever builds on the client library sees no wire.
    let isWall: Bool

    init(
        _ name: String,
        in folder: String? = nil,
        to arrows: [String],
        _ libraries: [String],
        isHandedOn: Bool = true,
        isWall: Bool = false
    ) {
        self.name = name
        self.folder = folder ?? "Sources/\(name)"
        self.arrows = arrows
        self.libraries = libraries
        self.isHandedOn = isHandedOn
        self.isWall = isWall
    }
}

/// Who may import whom, as ARCHITECTURE.md draws it.
///
/// An arrow that is not here is forbidden.
let house: [Room] = [
    Room("DocketDomain", to: [], []),
    Room("DocketPolicy", to: ["DocketDomain"], ["Yams"]),

    Room("DocketMessages", to: [], ["SwiftProtobuf", "Foundation", "FoundationEssentials"]),
    Room(
        "DocketWire",
        to: ["DocketMessages"],
        ["NIOCore", "SwiftProtobuf", "FoundationEssentials"]
    ),

    Room("COpenSSL", to: [], [], isHandedOn: false),
    Room("DocketCrypto", to: ["COpenSSL"], ["Glibc", "Synchronization"]),
    Room("DocketTLS", to: ["DocketCrypto", "COpenSSL"], ["Synchronization"]),

    Room(
        "DocketRPC",
        to: ["DocketMessages"],
        [
            "SwiftProtobuf", "Metrics", "CoreMetrics", "Logging", "Synchronization",
            "FoundationEssentials", "Glibc",
        ]
    ),
    Room("DocketCalls", to: ["DocketRPC"], ["SwiftProtobuf"]),
    Room(
        "DocketTransport",
        to: ["DocketRPC", "DocketWire", "DocketTLS"],
        ["NIOCore", "NIOPosix", "Logging", "Synchronization", "FoundationEssentials", "Glibc"]
    ),

    Room(
        "DocketStore",
        to: ["DocketDomain", "DocketMessages"],
        ["SwiftProtobuf", "Logging", "Synchronization", "Foundation"]
    ),
    Room(
        "DocketStoreSQLite",
        to: ["DocketStore"],
        ["GRDB", "GRDBSQLite", "Logging", "Synchronization", "Foundation", "Glibc"]
    ),
    Room(
        "DocketDesk",
        to: ["DocketStore"],
        ["SwiftProtobuf", "Logging", "Synchronization", "Dispatch", "Foundation"]
    ),
    Room(
        "DocketServices",
        to: ["DocketDesk", "DocketCalls", "DocketCrypto", "DocketPolicy"],
        [
            "SwiftProtobuf", "Logging", "Synchronization", "Dispatch", "Foundation",
            "FoundationEssentials",
        ]
    ),

    Room(
        "docketd",
        to: [
            "DocketServices", "DocketTransport", "DocketStoreSQLite", "DocketPolicy", "DocketCalls",
            "DocketCommandLine", "DocketTerminal",
        ],
        [
            "ArgumentParser", "Yams", "Logging", "NIOCore", "NIOPosix", "SwiftProtobuf",
            "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc",
        ]
    ),
    Room("Programs", to: [], []),
    Room(
        "docket-load",
        to: [
            "DocketClient", "DocketCalls", "DocketTransport", "DocketCommandLine", "DocketTerminal",
        ],
        [
            "ArgumentParser", "SwiftProtobuf", "NIOCore", "NIOPosix", "Logging", "Synchronization",
            "Foundation", "FoundationEssentials", "Glibc",
        ]
    ),
    Room(
        "docket-fill",
        to: ["DocketServices", "DocketStoreSQLite", "DocketCommandLine", "DocketTerminal"],
        ["ArgumentParser", "Logging", "Synchronization", "Foundation", "Glibc"]
    ),
    Room(
        "protoc-gen-docket",
        to: ["DocketMessages"],
        ["SwiftProtobuf", "SwiftProtobufPluginLibrary"]
    ),

    Room(
        "DocketTesting",
        in: "ClientSDK/Testing",
        to: ["DocketClient", "DocketCalls"],
        ["SwiftProtobuf", "Synchronization", "FoundationEssentials"]
    ),
    Room(
        "DocketClient",
        in: "ClientSDK/Sources",
        to: ["DocketCalls", "DocketTransport", "DocketCrypto"],
        [
            "GRDB", "SwiftProtobuf", "Logging", "NIOCore", "NIOPosix", "Synchronization",
            "Foundation", "FoundationEssentials", "Glibc",
        ],
        isWall: true
    ),
    Room("DocketTerminal", to: [], ["Glibc", "Synchronization"]),
    Room(
        "DocketCommandLine",
        to: ["DocketTerminal", "DocketTransport"],
        ["ArgumentParser", "FoundationEssentials", "Glibc"],
        isWall: true
    ),
    Room(
        "DocketConsole",
        to: ["DocketClient", "DocketCommandLine", "DocketTerminal"],
        ["ArgumentParser", "Dispatch", "Synchronization", "FoundationEssentials", "Glibc"]
    ),
    Room(
        "docket",
        to: ["DocketConsole", "DocketPolicy"],
        [
            "ArgumentParser", "Logging", "Synchronization", "Foundation", "FoundationEssentials",
            "Glibc",
        ]
    ),
    Room(
        "docket-demo",
        in: "Examples/demo",
        to: ["DocketClient", "DocketTerminal"],
        ["ArgumentParser", "Dispatch", "Foundation", "Synchronization"]
    ),
    Room("CMail", in: "Examples/channel-bridge/CMail", to: [], [], isHandedOn: false),
    Room(
        "docket-channel-bridge",
        in: "Examples/channel-bridge/Bridge",
        to: ["DocketConsole", "CMail"],
        ["ArgumentParser", "Dispatch", "FoundationEssentials", "Glibc"]
    ),
    Room(
        "docket-ticket-push",
        in: "Examples/ticket-push",
        to: ["DocketConsole"],
        ["ArgumentParser", "Dispatch", "FoundationEssentials", "Glibc"]
    ),
    Room(
        "docket-chat",
        in: "Examples/chat",
        to: ["DocketConsole"],
        [
            "ArgumentParser", "Logging", "Synchronization", "Foundation", "FoundationEssentials",
            "Glibc",
        ]
    ),
]
