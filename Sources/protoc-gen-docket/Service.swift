internal import DocketMessages
internal import SwiftProtobufPluginLibrary

/// A service as the generated code needs it.
struct Service {
    let name: String
    let fullName: String
    let comments: String
    let methods: [ServiceMethod]

    /// Whether it has both commands and queries, so that each kind gets a protocol.
    var isMixed: Bool {
        methods.contains(where: \.isCommand) && !methods.allSatisfy(\.isCommand)
    }

    init(descriptor: ServiceDescriptor) throws {
        name = descriptor.name
        fullName = descriptor.fullName
        comments = descriptor.protoSourceComments()
        methods = try descriptor.methods.map(ServiceMethod.init(descriptor:))
    }
}

/// A method as the generated code needs it.
struct ServiceMethod {
    enum Shape: String {
        case unary
        case serverStreaming
        case clientStreaming
        case bidirectional
    }

    let name: String
    let fullName: String
    let comments: String
    let shape: Shape
    let input: String
    let output: String
    let callers: [String]
    let timeoutMilliseconds: UInt32
    /// Whether it is a command: its message begins with a command's header.
    let isCommand: Bool
    /// Whether the handler never waits.
    let isPrompt: Bool

    init(descriptor: MethodDescriptor) throws {
        let namer = SwiftProtobufNamer()
        name = descriptor.name.prefix(1).lowercased() + descriptor.name.dropFirst()
        fullName = "\(descriptor.service.fullName)/\(descriptor.name)"
        comments = descriptor.protoSourceComments()
        switch (descriptor.clientStreaming, descriptor.serverStreaming) {
        case (false, false): shape = .unary
        case (false, true): shape = .serverStreaming
        case (true, false): shape = .clientStreaming
        case (true, true): shape = .bidirectional
        }
        input = namer.fullName(message: descriptor.inputType)
        output = namer.fullName(message: descriptor.outputType)
        let rules = descriptor.options.Docket_V1_rules
        callers = rules.callers.compactMap(Self.name(of:))
        guard callers.count == rules.callers.count else {
            throw Plugin.Mistake(description: "\(fullName) names an unknown caller")
        }
        guard !callers.isEmpty else {
            throw Plugin.Mistake(description: "\(fullName) does not say who may call it")
        }
        isCommand = descriptor.inputType.fields.contains { field in
            field.number == 1 && field.messageType?.fullName == "docket.v1.CommandHeader"
        }
        isPrompt = rules.prompt
        guard shape == .unary || !isPrompt else {
            throw Plugin.Mistake(description: "\(fullName) is a stream, which is never prompt")
        }
        let fallback: UInt32 = shape == .unary ? 30_000 : 0
        timeoutMilliseconds =
            rules.defaultTimeoutMilliseconds > 0 ? rules.defaultTimeoutMilliseconds : fallback
    }

    private static func name(of caller: Docket_V1_Caller) -> String? {
        switch caller {
        case .anyone: "anyone"
        case .contact: "contact"
        case .agent: "agent"
        case .supervisor: "supervisor"
        case .administrator: "administrator"
        case .integration: "integration"
        case .partner: "partner"
        case .unspecified, .UNRECOGNIZED: nil
        }
    }

    /// 32-bit FNV-1a of the full name, as PROTOCOL.md says.
    var hash: String {
        let hash = fullName.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
