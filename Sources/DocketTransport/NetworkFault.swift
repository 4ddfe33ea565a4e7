internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Why a server cannot listen, in words for whoever has started it.
package struct NetworkFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(listeningOn address: TransportAddress, _ error: any Error) {
        description = "cannot listen on \(address): \(Self.words(for: error))"
    }

    /// What the system said, without what the library put around it.
    static func words(for error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return words(for: first.error) }
            return "the name '\(error.host)' is not known"
        case let error as IOError: return unsafe String(cString: strerror(error.errnoCode))
        default: return "\(error)"
        }
    }
}
