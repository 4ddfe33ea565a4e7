/// The Swift text for the services of one .proto file.
struct SwiftFile {
    /// The name of the .proto file.
    let source: String
    /// The module of the messages; nil when it is the file's own.
    let messages: String?
    let services: [Service]

    var text: String {
        let imports = [messages, "DocketRPC"].compactMap(\.self).map { "package import \($0)" }
        return """
            // Made from \(source) by protoc-gen-docket; do not edit.

            \(imports.joined(separator: "\n"))


            """ + services.map(text(of:)).joined(separator: "\n") + conformances
    }

    /// What says that the messages of commands have a header; a message may be that of several.
    private var conformances: String {
        let commands = Set(services.flatMap(\.methods).filter(\.isCommand).map(\.input))
        let lines = commands.sorted().map { "extension \($0): CommandCall {}\n" }
        return lines.isEmpty ? "" : "\n" + lines.joined()
    }

    private func text(of service: Service) -> String {
        [methods(of: service), server(of: service), registration(of: service), caller(of: service)]
            .joined(separator: "\n")
    }

    // MARK: Methods

    private func methods(of service: Service) -> String {
        """
        /// The methods of `\(service.fullName)`.
        package enum \(service.name)Methods {
        \(service.methods.map(descriptor(of:)).joined(separator: "\n"))

            /// All of them.
            package static let all: [Method] = [\(names(of: service))]
        }

        """
    }

    private func names(of service: Service) -> String {
        service.methods.map(\.name).joined(separator: ", ")
    }

    private func descriptor(of method: ServiceMethod) -> String {
        let callers = method.callers.map { ".\($0)" }.joined(separator: ", ")
        let timeout =
            method.timeoutMilliseconds > 0 ? ".milliseconds(\(method.timeoutMilliseconds))" : "nil"
        return """
            \(documentation(method.comments))    package static let \(method.name) = Method(
                    "\(method.fullName)", .\(method.shape.rawValue),
                    callers: Callers(\(callers)),
                    defaultTimeout: \(timeout)\(method.isCommand ? ", isCommand: true" : ""))
            """
    }

    // MARK: Server

    private func server(of service: Service) -> String {
        guard service.isMixed else { return server(of: service, service.methods) }
        return server(of: service, service.methods.filter { !$0.isCommand }, part: "Queries") + "\n"
            + server(of: service, service.methods.filter(\.isCommand), above: "Queries")
    }

    /// A protocol of methods: all of a service, its queries, or its commands on top of these.
    private func server(
        of service: Service,
        _ methods: [ServiceMethod],
        part: String = "Service",
        above: String? = nil
    ) -> String {
        let parent = above.map { service.name + $0 } ?? "Sendable"
        return """
            \(documentation(service.comments, indent: ""))\
            package protocol \(service.name)\(part): \(parent) {
            \(methods.map(requirement(of:)).joined(separator: "\n"))
            }

            """
    }

    private func requirement(of method: ServiceMethod) -> String {
        let name = "\(documentation(method.comments))    func \(method.name)(\n"
        switch method.shape {
        case .unary:
            return name + """
                        _ call: \(method.input), context: CallContext
                    ) \(effects(of: method)) -> \(method.output)
                """
        case .serverStreaming:
            return name + """
                        _ call: \(method.input), replies: ReplyWriter<\(method.output)>,
                        context: CallContext
                    ) async throws(RPCError)
                """
        case .clientStreaming:
            return name + """
                        _ calls: MessageStream<\(method.input)>, context: CallContext
                    ) async throws(RPCError) -> \(method.output)
                """
        case .bidirectional:
            return name + """
                        _ calls: MessageStream<\(method.input)>,
                        replies: ReplyWriter<\(method.output)>, context: CallContext
                    ) async throws(RPCError)
                """
        }
    }

    private func registration(of service: Service) -> String {
        guard service.isMixed else { return registration(of: service, service.methods) }
        return registration(of: service, service.methods.filter { !$0.isCommand }, part: "Queries")
            + "\n"
            + registration(of: service, service.methods.filter(\.isCommand), above: "Queries")
    }

    private func registration(
        of service: Service,
        _ methods: [ServiceMethod],
        part: String = "Service",
        above: String? = nil
    ) -> String {
        let first = above.map { ["        register\($0)(in: &router)"] } ?? []
        let lines = first + methods.map { registration(of: $0, in: service) }
        return """
            extension \(service.name)\(part) {
                /// Adds the service's \(part == "Service" ? "methods" : "queries") to a router.
                package func register\(part == "Service" ? "" : part)(in router: inout Router) {
            \(lines.joined(separator: "\n"))
                }
            }

            """
    }

    private func registration(of method: ServiceMethod, in service: Service) -> String {
        let (parameters, arguments): (String, String) =
            switch method.shape {
            case .unary: ("call, context", "call, context: context")
            case .serverStreaming:
                ("call, replies, context", "call, replies: replies, context: context")
            case .clientStreaming: ("calls, context", "calls, context: context")
            case .bidirectional:
                ("calls, replies, context", "calls, replies: replies, context: context")
            }
        let function = method.isPrompt ? "promptUnary" : method.shape.rawValue
        return """
                    router.\(function)(\(service.name)Methods.\(method.name)) {
                        (\(parameters)) \(effects(of: method)) in
                        try \(method.isPrompt ? "" : "await ")self.\(method.name)(\(arguments))
                    }
            """
    }

    /// What a handler of the method may do: wait, unless it is prompt, and throw.
    private func effects(of method: ServiceMethod) -> String {
        method.isPrompt ? "throws(RPCError)" : "async throws(RPCError)"
    }

    // MARK: Caller

    private func caller(of service: Service) -> String {
        """
        /// Calls the methods of `\(service.fullName)`.
        package struct \(service.name)Caller: Sendable {
            private let channel: any CallChannel

            /// Makes calls over `channel`.
            package init(channel: any CallChannel) {
                self.channel = channel
            }

        \(service.methods.map { function(of: $0, in: service) }.joined(separator: "\n\n"))
        }

        """
    }

    private func function(of method: ServiceMethod, in service: Service) -> String {
        let name = "\(documentation(method.comments))    package func \(method.name)(\n"
        let descriptor = "\(service.name)Methods.\(method.name)"
        switch method.shape {
        case .unary:
            return name + """
                        _ call: \(method.input), options: CallOptions = CallOptions()
                    ) async throws(RPCError) -> \(method.output) {
                        try await channel.unary(\(descriptor), call, options: options)
                    }
                """
        case .serverStreaming:
            return name + """
                        _ call: \(method.input), options: CallOptions = CallOptions()
                    ) throws(RPCError) -> MessageStream<\(method.output)> {
                        try channel.serverStreaming(\(descriptor), call, options: options)
                    }
                """
        case .clientStreaming:
            return name + """
                        options: CallOptions = CallOptions(),
                        send: @escaping @Sendable (
                            CallWriter<\(method.input)>
                        ) async throws(RPCError) -> Void
                    ) async throws(RPCError) -> \(method.output) {
                        try await channel.clientStreaming(
                            \(descriptor), options: options, send: send)
                    }
                """
        case .bidirectional:
            return name + """
                        options: CallOptions = CallOptions()
                    ) -> BidirectionalCall<\(method.input), \(method.output)> {
                        channel.bidirectional(\(descriptor), options: options)
                    }
                """
        }
    }

    /// The comments of the .proto file as documentation comments, each line ended.
    private func documentation(_ comments: String, indent: String = "    ") -> String {
        comments.split(separator: "\n").map { "\(indent)\($0)\n" }.joined()
    }
}
