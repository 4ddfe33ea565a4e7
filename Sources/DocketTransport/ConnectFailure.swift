internal import DocketRPC
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Why a socket could not be connected or bound, in words for the person who named the address.
///
/// The networking library's own errors are made for its debugging: they name its types and repeat
/// the address once for every attempt.
struct ConnectFailure: CustomStringConvertible {
    /// What happened, as it follows "cannot connect to HOST:PORT: ".
    let description: String

    /// Puts an error into words.
    init(_ error: any Error) {
        description =
            switch error {
            case let error as NIOConnectionError: Self.words(for: error)
            case let error as SocketAddressError.UnknownHost: Self.words(for: error)
            case SocketAddressError.unixDomainSocketPathTooLong: "the path is too long for a socket"
            case ChannelError.connectTimeout: "nobody answers"
            case let error as IOError: ErrorText.words(forErrorNumber: error.errnoCode)
            default: ErrorText.words(for: error)
            }
    }

    /// A host with several addresses has been tried at each; the first failure speaks for them.
    private static func words(for error: NIOConnectionError) -> String {
        let first = error.connectionErrors.first?.error ?? error.dnsAError ?? error.dnsAAAAError
        return first.map { ConnectFailure($0).description } ?? "the host has no address"
    }

    private static func words(for error: SocketAddressError.UnknownHost) -> String {
        error.errorCode == Int(EAI_AGAIN)
            ? "host names cannot be looked up at present" : "there is no host of this name"
    }
}
