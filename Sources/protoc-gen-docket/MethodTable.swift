/// The table of all methods, for programs and for people.
struct MethodTable {
    let services: [Service]

    var swift: String {
        let all = services.map { "            \($0.name)Methods.all," }.joined(separator: "\n")
        return """
            // Made from Protocol by protoc-gen-docket; do not edit.

            package import DocketRPC

            /// Every method of this version of the protocol.
            package enum MethodTable {
                /// The methods, by service.
                package static let all: [Method] =
                    [
            \(all)
                    ].flatMap(\\.self)
            }

            """
    }

    var markdown: String {
        let rows = services.flatMap(\.methods).map { method in
            let callers = method.callers.joined(separator: ", ")
            let timeout =
                method.timeoutMilliseconds > 0 ? "\(method.timeoutMilliseconds) ms" : "none"
            return "| `\(method.fullName)` | `\(method.hash)` | \(Self.words(method.shape)) "
                + "| \(callers) | \(timeout) |"
        }
        return """
            # Methods of docket/1

            Made from `docket/v1/*.proto`; do not edit. The hash is what travels in OPEN: 32-bit
            FNV-1a over the name. The callers are complete: anybody else is answered `not_found`,
            and `unauthenticated` before signing in. The timeout holds for calls that name none.

            | name | hash | shape | callers | timeout |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    private static func words(_ shape: ServiceMethod.Shape) -> String {
        switch shape {
        case .unary: "unary"
        case .serverStreaming: "server streaming"
        case .clientStreaming: "client streaming"
        case .bidirectional: "bidirectional"
        }
    }
}
